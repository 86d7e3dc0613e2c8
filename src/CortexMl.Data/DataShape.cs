using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>The input shape that data suggest to a network that does not say its own.</summary>
public static class DataShape
{
    /// <summary>
    /// Batch 1 and the shape of the first sample after preprocessing: [1, 1, 28, 28] of images [28, 28], [1, 20] of rows of 20 numbers.
    /// </summary>
    /// <param name="input">Name of the input, by which an .npz with several arrays is searched.</param>
    /// <exception cref="DiagnosticException">The data cannot be read, or there is no sample.</exception>
    public static Shape Of(DataOptions options, string input)
    {
        Preprocessing.Checked(options.Preprocessing);
        var source = RawSources.Open(options, [(input, Shape.Of())]).Sources[0];
        var first = source.Read().FirstOrDefault()
            ?? throw new DiagnosticException(DataCodes.Empty, $"'{options.Path}' holds no sample", hint: "at least one is needed");
        var prepared = Preprocessor.Prepare(first.Tensor, options.Preprocessing.For(source), first.Name).Shape;
        return prepared.Rank > 3 && prepared[0] == 1 ? prepared : prepared.Insert(0, 1);
    }
}
