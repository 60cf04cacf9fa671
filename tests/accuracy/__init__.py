"""How many references of a labelled set the engine finds, and how many it makes up."""
