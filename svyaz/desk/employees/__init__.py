"""The Employee block: who works here, and the faces of the triangle that he is part of."""
