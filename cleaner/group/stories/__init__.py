"""Stories: independent tellings of one event.

What is kept of an article: features, made with tokens, idf and dates. Which pairs are looked at: candidates. How alike they
are: similarity. What speaks against it: contradictions. The groups: clusters. Two articles alone, and a group, in words:
compare and explain.
"""
