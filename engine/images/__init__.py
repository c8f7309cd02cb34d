"""From a folder of image files to a table, pixels and thumbnails; never writes into that folder."""
