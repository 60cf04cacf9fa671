"""Configuration: values with their places in JSON, TOML, INI and YAML, and what their keys say of them."""
