"""JavaScript and TypeScript: what a source names, and where Node, tsc and bundlers look for it."""
