"""What lies near what: the neighbour graph of an embedding, made once and used by map, search, suggestion and
propagation; and the map, its layout in two dimensions."""
