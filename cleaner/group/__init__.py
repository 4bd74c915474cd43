"""Grouping, in two rooms that never meet: copies first, then the stories that their representatives tell.

collection   articles as grouping sees them: summaries, added batch by batch; asked for the groups, it uses both rooms
copies/      near-verbatim copies: signatures and their bands, verified pairs, groups; long passages that are shared
stories/     tellings of one event: features, candidates, similarity, contradictions, groups
"""
