using CortexMl.Diagnostics;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>
/// The special numbers of MXNet's Reshape: 0 copies a dimension, -1 is inferred, -2 copies all that are left, -3 merges two, -4 splits
/// one into the two numbers that follow it (one of which may be -1). With reverse they are matched from the last dimension to the first.
/// </summary>
internal static class ReshapeCodes
{
    /// <returns>Dimensions of the result.</returns>
    /// <exception cref="NodeException">The codes do not fit the data.</exception>
    public static long[] Resolve(IReadOnlyList<int> data, IReadOnlyList<long> codes, bool reverse)
    {
        if (!reverse) return Forward(data, codes);
        long[] result = Forward([.. data.Reverse()], [.. codes.Reverse()]);
        Array.Reverse(result);
        return result;
    }

    private static long[] Forward(IReadOnlyList<int> data, IReadOnlyList<long> codes)
    {
        var result = new List<long>();
        int source = 0, inferred = -1;
        for (int i = 0; i < codes.Count; i++)
        {
            switch (codes[i])
            {
                case > 0:
                    result.Add(codes[i]);
                    source++;
                    break;
                case 0:
                    result.Add(Next(data, ref source));
                    break;
                case -1:
                    if (inferred >= 0) throw Bad("-1 stands twice: only one dimension can be inferred");
                    inferred = result.Count;
                    result.Add(1);
                    source++;
                    break;
                case -2:
                    while (source < data.Count) result.Add(Next(data, ref source));
                    break;
                case -3:
                    result.Add((long)Next(data, ref source) * Next(data, ref source));
                    break;
                case -4:
                    if (i + 2 >= codes.Count) throw Bad("-4 needs two numbers behind it");
                    result.AddRange(Split(Next(data, ref source), codes[i + 1], codes[i + 2]));
                    i += 2;
                    break;
                default:
                    throw Bad($"{codes[i]} is no special number: 0 to -4 are allowed");
            }
        }
        if (inferred >= 0) result[inferred] = Rest(data, result);
        return [.. result];
    }

    private static int Next(IReadOnlyList<int> data, ref int source) =>
        source < data.Count ? data[source++] : throw Bad($"it refers to more dimensions than the {data.Count} of the data");

    private static long[] Split(long dim, long first, long second)
    {
        if (first == -1 && second > 0) first = dim / second;
        if (second == -1 && first > 0) second = dim / first;
        return first > 0 && second > 0 && Math.BigMul(first, second) == dim ? [first, second]
            : throw Bad($"{dim} cannot be split into {first} x {second}");
    }

    private static long Rest(IReadOnlyList<int> data, List<long> known)
    {
        long total = data.Aggregate(1L, (product, dim) => product * dim), taken = 1;
        foreach (long dim in known)
        {
            if (dim > total / taken) throw Bad($"{Counted.Of(total, "element does", "elements do")} not fill the given dimensions");
            taken *= dim;
        }
        return total % taken == 0 ? total / taken : throw Bad($"{Counted.Of(total, "element does", "elements do")} not divide by {taken}");
    }

    private static NodeException Bad(string message) => new(FrontendCodes.ShapeMismatch, $"shape: {message}");
}
