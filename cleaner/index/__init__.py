"""New articles against all before: an index of articles in a file.

file         the file: SQLite, made, opened, refused; one writer, many readers
server       its pages on a Redis server, behind the same interface
opening      which of the two an index is
packing      what articles are compared by, as bytes
rows         articles as the index has them
blocks       which earlier articles share a band with new ones
frequencies  how common terms are of late, and how often events are told
copies, stories
             what new articles are: by what group/ does, among them and the earlier ones that are near them
decision     what is decided of new articles; keeping: writing it down; news: what is told of it
contents     stories that the index has; what is forgotten; whether it is whole
"""
