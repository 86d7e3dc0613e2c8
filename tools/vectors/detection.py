"""get_valid_counts and non_max_suppression; rows are (id, score, left, top, right, bottom)."""
from tensor import Tensor, clamp

EMPTY = [-1] * 6


def valid_counts(inputs, attributes):
    batches, count, width = inputs[0].shape
    threshold, counts, out = attributes.get("score_threshold", 0), [], []
    for batch in rows_of(inputs[0]):
        kept = [row for row in batch if row[1] > threshold]
        counts.append(len(kept))
        out += [v for row in kept + [[-1] * width] * (count - len(kept)) for v in row]
    return [Tensor((batches,), counts), Tensor(inputs[0].shape, out)]


def rows_of(tensor):
    batches, count, width = tensor.shape
    rows = [tensor.data[i:i + width] for i in range(0, len(tensor.data), width)]
    return [rows[b * count:(b + 1) * count] for b in range(batches)]


def overlap(a, b):
    """Intersection over union in percent, truncated."""
    area = lambda box: (box[4] - box[2]) * (box[5] - box[3])
    width, height = (max(0, min(a[k + 2], b[k + 2]) - max(a[k], b[k])) for k in (2, 3))
    union = area(a) + area(b) - width * height
    return width * height * 100 // union if union > 0 else 0


def clash(a, b, attributes):
    return (attributes.get("force_suppress") or a[0] == b[0]) and overlap(a, b) >= attributes.get("iou_threshold", 50)


def suppress_formal(inputs, attributes):
    """The published mathematics: a row falls where it overlaps a row that was kept."""
    out = []
    for batch, count in zip(rows_of(inputs[0]), inputs[1].data):
        ranked = sorted(batch[:clamp(count, 0, len(batch))], key=lambda row: -row[1])
        if attributes.get("top_k", -1) >= 0: ranked = ranked[:attributes["top_k"]]
        kept = []
        for row in ranked:
            if row[0] >= 0 and not any(clash(other, row, attributes) for other in kept): kept.append(row)
        if attributes.get("max_output_size", -1) >= 0: kept = kept[:attributes["max_output_size"]]
        out += [v for row in kept + [EMPTY] * (len(batch) - len(kept)) for v in row]
    return [Tensor(inputs[0].shape, out)]


def suppress_cpu(inputs, attributes):
    """The CPU device: a row strikes out later ones until the first of negative id, and does so even if its own id is negative."""
    out = []
    for batch, count in zip(rows_of(inputs[0]), inputs[1].data):
        assert count > 0, "the device leaves the batches after an empty one uninitialised"
        ranked = sorted(batch[:min(count, len(batch))], key=lambda row: -row[1])
        if attributes.get("top_k", -1) >= 0: ranked = ranked[:attributes["top_k"]]
        struck, kept = set(), []
        for i, row in enumerate(ranked):
            if i in struck: continue
            if row[0] >= 0: kept.append(row)
            for j in range(i + 1, len(ranked)):
                if ranked[j][0] < 0: break
                if clash(row, ranked[j], attributes): struck.add(j)
        if attributes.get("max_output_size", -1) > 0: kept = kept[:attributes["max_output_size"]]
        out += [v for row in kept + [EMPTY] * (len(batch) - len(kept)) for v in row]
    return [Tensor(inputs[0].shape, out)]
