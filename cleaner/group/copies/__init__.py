"""Near-verbatim copies, by the MinHash signatures of their words.

What is kept of an article: signatures and store. Which pairs are looked at, and how they are verified: pairs. The groups:
clusters. What articles share without being copies: passages.
"""
