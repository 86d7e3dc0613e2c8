using CortexMl.Chain.Solidity;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Chaining;

//  pixel p   ⇒   preparation of model.io.json: invert, scale, mean, std   ⇒   centering   ⇒   integer of the model
//
// All of it element by element, so that a table of 256 integers says it, one for each channel where these differ: a contract has no reals.
internal static class PixelTables
{
    private const int Pixels = 256;

    /// <summary>2048 words, which are 40 million gas to store.</summary>
    private const int MostElements = 1 << 16;

    /// <summary>4096 bytes of tables: a contract holds 24576 altogether.</summary>
    private const int MostTables = 16;

    /// <returns>
    /// Null where the model was not calibrated on bytes, takes several inputs or more than bytes, or where pixels of one channel become
    /// different integers.
    /// </returns>
    public static PixelInput? Of(Model model)
    {
        if (model.Io is not { Inputs: [var port] } io || ChainModel.Cvm(model).InputTypeSize != 1) return null;
        if (!io.CalibratedOn.Any(facts => facts.Input == port.Name && facts.Type == "u8")) return null;
        var shape = Shape.Of(port.Shape);
        if (shape.Count > MostElements) return null;
        // Sizes and the order of channels are the caller's affair: pixels come in the order of the input.
        var preparation = io.Preprocessing with { Resize = null, Crop = null, Channels = null, Layout = null };
        var planes = Planes(shape, io, preparation);
        if (planes is null) return null;
        int[][] columns = [.. Enumerable.Range(0, Pixels).Select(pixel => Integers(model, planes, shape, preparation, (byte)pixel)!)];
        return Axes(shape).Select(axis => AlongAxis(shape, axis, columns)).FirstOrDefault(found => found is not null);
    }

    /// <summary>The first shape of an image that the preparation and the input take: channels in front, or at the end.</summary>
    private static Shape? Planes(Shape input, ModelIo io, Preprocessing preparation)
    {
        var rest = input.Rank > 1 && input[0] == 1 ? input.Remove(0) : input;
        var candidates = new List<Shape>();
        if (io.CalibratedOn is [{ Planes: { } stored }, ..]) candidates.Add(Shape.Of(stored));
        candidates.Add(rest);
        if (rest.Rank == 3) candidates.Add(Shape.Of(rest[2], rest[0], rest[1]));
        return candidates.Find(planes => Prepared(planes, input, preparation, 0) is not null);
    }

    private static Tensor<float>? Prepared(Shape planes, Shape input, Preprocessing preparation, byte pixel)
    {
        try
        {
            var image = Tensor.Create(planes, [.. Enumerable.Repeat(pixel, (int)planes.Count)]);
            return new Preprocessor(preparation, input, "data").Apply(image, "a pixel");
        }
        catch (DiagnosticException)
        {
            return null;
        }
    }

    private static int[]? Integers(Model model, Shape planes, Shape input, Preprocessing preparation, byte pixel) =>
        Prepared(planes, input, preparation, pixel) is { } real
            ? IntegerInputs.For(model, new RunOptions()).Of(new Sample([real], null, "a pixel"))[0].Data : null;

    /// <summary>Null for all channels alike, then each axis.</summary>
    private static IEnumerable<int?> Axes(Shape shape) => Enumerable.Range(0, shape.Rank).Select(axis => (int?)axis).Prepend(null);

    /// <param name="columns">For each pixel the integer that it becomes at each place of the input.</param>
    private static PixelInput? AlongAxis(Shape shape, int? axis, int[][] columns)
    {
        int inner = axis is { } a ? (int)Shape.Of(shape.Skip(a + 1)).Count : 1, tables = axis is { } b ? shape[b] : 1;
        if (tables > MostTables) return null;
        bool isAlike = columns.All(integers => integers.Index().All(e => e.Item == integers[e.Index / inner % tables * inner]));
        if (!isAlike) return null;
        return new(inner, [.. Enumerable.Range(0, tables).Select(t => columns.Select(integers => (sbyte)integers[t * inner]).ToArray())]);
    }
}
