"""Networks of further kinds, small: recurrent, attention, encoder and decoder, words."""
import torch
from torch import nn
from torch.nn import functional

IMAGE_SIDE = 28


class Rows(nn.Module):
    """An image read row by row by an LSTM, in one direction or both; the last state of each decides. [N, 1, 28, 28] → [N, 10]."""

    def __init__(self, hidden, both):
        super().__init__()
        self.lstm = nn.LSTM(IMAGE_SIDE, hidden, batch_first=True, bidirectional=both)
        self.head = nn.Linear(hidden * (1 + both), 10)

    def forward(self, x):
        _, (state, _) = self.lstm(x.squeeze(1))
        return self.head(state.transpose(0, 1).flatten(1))


class Encoder(nn.Module):
    """A transformer encoder of 8 x 8 patches of 4 x 4 pixels, the image with a border of 2. [N, 1, 28, 28] → [N, 10]."""

    TOKENS = 64

    def __init__(self, width, heads, layers):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 4, 4, padding=2)
        self.places = nn.Parameter(0.02 * torch.randn(1, self.TOKENS, width))
        layer = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, nn.LayerNorm(width))
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        tokens = self.patches(x).flatten(2).transpose(1, 2) + self.places
        return self.head(self.layers(tokens).mean(1))


def twice(inputs, outputs):
    """Two convolutions of 3 x 3, each normalised and rectified."""
    def one(channels):
        return nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    return nn.Sequential(*one(inputs), *one(outputs))


class UNet(nn.Module):
    """Down to a quarter of the side and up again, bilinear, with a skip on each size. [N, 1, 28, 28] → [N, 1, 28, 28]."""

    def __init__(self, width):
        super().__init__()
        self.fine, self.middle, self.coarse = twice(1, width), twice(width, 2 * width), twice(2 * width, 4 * width)
        self.back_to_middle, self.back_to_fine = twice(6 * width, 2 * width), twice(3 * width, width)
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        fine = self.fine(x)
        middle = self.middle(functional.max_pool2d(fine, 2))
        coarse = self.coarse(functional.max_pool2d(middle, 2))
        middle = self.back_to_middle(torch.cat([middle, self.up(coarse)], 1))
        return self.head(self.back_to_fine(torch.cat([fine, self.up(middle)], 1)))

    @staticmethod
    def up(x):
        return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


class Words(nn.Module):
    """The mean of embeddings, padding (word 0) not counted, through one hidden layer. Whole numbers [N, length] → [N, topics]."""

    def __init__(self, words, width, hidden, topics):
        super().__init__()
        self.embedding = nn.Embedding(words, width, padding_idx=0)
        self.hidden, self.head = nn.Linear(width, hidden), nn.Linear(hidden, topics)

    def forward(self, ids):
        present = (ids != 0).float().unsqueeze(2)
        mean = (self.embedding(ids) * present).sum(1) / present.sum(1)
        return self.head(functional.relu(self.hidden(mean)))
