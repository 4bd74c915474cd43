"""The trained model of lines: their tokens, the columns made of those, and the trees that judge by them."""
