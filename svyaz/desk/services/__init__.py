"""The Service block: the catalogue, and the faces of the triangle that a service is part of."""
