"""A made-up corpus: sentences of a topic each, in which every topic uses every word, some oftener."""
import numpy

WORDS, LENGTH, TOPICS = 200, 24, 4
SHORTEST = 6
PADDING = 0
SHARPNESS = 1.0  # deviation of the logarithm of how often a topic uses a word


def sentences(count, seed):
    """`count` sentences and their topics: uint8 [count, LENGTH], words 1 to WORDS - 1 and padding behind; int64 [count]."""
    words = topic_words()
    draw = numpy.random.RandomState(seed)
    topics = draw.randint(TOPICS, size=count)
    lengths = draw.randint(SHORTEST, LENGTH + 1, size=count)
    ids = numpy.full((count, LENGTH), PADDING, numpy.uint8)
    for row, topic, length in zip(ids, topics, lengths):
        row[:length] = 1 + draw.choice(WORDS - 1, size=length, p=words[topic])
    return ids, topics.astype(numpy.int64)


def topic_words():
    """How often each topic uses each word: [TOPICS, WORDS - 1], rows of sum 1; the same in every corpus."""
    draw = numpy.random.RandomState(0)
    common = 1.0 / numpy.arange(1, WORDS)
    weights = common * numpy.exp(SHARPNESS * draw.randn(TOPICS, WORDS - 1))
    return weights / weights.sum(1, keepdims=True)
