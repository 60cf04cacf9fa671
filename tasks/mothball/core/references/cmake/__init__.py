"""CMake: commands, variables, and where it looks for modules."""
