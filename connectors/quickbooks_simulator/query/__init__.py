"""The query language: words, sentence, answer."""
