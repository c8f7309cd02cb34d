"""One file per tissue: each draws its own on a canvas and leaves the rest as it was."""
