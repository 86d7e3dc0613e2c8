using CortexMl.Diagnostics;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>
/// The special numbers of MXNet's <c>npx.reshape</c>: -1 is inferred, -2 copies a dimension, -3 skips one of size 1, -4 copies all that
/// are left, -5 merges two, -6 splits one into the two numbers that follow it (one of which may be -1). With reverse they are matched
/// from the last dimension to the first.
/// </summary>
internal static class NumpyReshapeCodes
{
    /// <returns>Dimensions of the result.</returns>
    /// <exception cref="NodeException">The codes do not fit the data.</exception>
    public static long[] Resolve(IReadOnlyList<int> data, IReadOnlyList<long> codes, bool reverse)
    {
        // The same codes under the numbers of the older Reshape, which has none that skips.
        var older = new List<long>();
        var shape = new List<int>(reverse ? data.Reverse() : data);
        int source = 0;
        long[] given = reverse ? [.. codes.Reverse()] : [.. codes];
        for (int i = 0; i < given.Length; i++)
        {
            switch (given[i])
            {
                case -3:
                    if (source >= shape.Count || shape[source] != 1)
                        throw new NodeException(FrontendCodes.ShapeMismatch, "shape: -3 skips a dimension of 1, and there is "
                            + (source < shape.Count ? $"one of {shape[source]}" : "none"));
                    shape.RemoveAt(source);
                    break;
                case -6:
                    older.Add(-4);
                    older.AddRange(given.Skip(i + 1).Take(2));
                    i += 2;
                    source++;
                    break;
                case -5:
                    older.Add(-3);
                    source += 2;
                    break;
                case -4:
                    older.Add(-2);
                    source = shape.Count;
                    break;
                default:
                    older.Add(given[i] == -2 ? 0 : given[i]);
                    source++;
                    break;
            }
        }
        long[] result = ReshapeCodes.Resolve(shape, older, false);
        if (reverse) Array.Reverse(result);
        return result;
    }
}
