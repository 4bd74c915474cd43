"""Grouping: copies first, then the stories that their representatives tell."""
