"""Two- and three-dimensional pictures of embeddings that keep their orientation over time."""
