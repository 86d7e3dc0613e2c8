using System.Collections;
using System.Globalization;
using CortexMl.Data;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Sharding;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>Labels that are more than a class a sample: maps, or the numbers that the output should hold.</summary>
internal static class MetricLabels
{
    private static readonly char[] s_separators = [',', ';', ' ', '\t'];

    /// <param name="path">A .npy, IDX or text of numbers; of maps also images.</param>
    /// <param name="model">Whose first output they are of.</param>
    /// <param name="count">Samples that are measured, the first of the labels.</param>
    /// <param name="looked">Those of them whose labels are looked at; a label of others is not to be asked for.</param>
    /// <returns>
    /// A tensor for each sample: [H, W], or as many numbers as the output has. Images are read when they are asked for.
    /// </returns>
    /// <exception cref="DiagnosticException">CML0975; CML0976; and those of reading files.</exception>
    public static IReadOnlyList<Tensor> Read(string path, MetricTruth truth, Model model, int count, SampleRange looked)
    {
        var output = model.Outputs[0];
        var wanted = truth == MetricTruth.Maps ? ClassMaps.Of(model).Plane : Shape.Of(output.Shape);
        string name = InputFile.DisplayName(path);
        var labels = truth == MetricTruth.Maps && (Directory.Exists(path) || Images.ImageName(name)) ? Images.Of(path)
            : Arrays(path, name, wanted, truth == MetricTruth.Maps);
        if (labels.Count < count)
            throw Bad($"{Counted.There(count, "sample")}, but only {Counted.Of(labels.Count, "label")}", name,
                "labels belong to the samples in the same order");
        for (int i = looked.First; i < looked.First + looked.Count; i++)
        {
            var label = labels[i];
            bool fits = truth == MetricTruth.Maps ? label.Shape == wanted : label.Length == wanted.Count;
            if (!fits)
                throw Bad(string.Create(CultureInfo.InvariantCulture,
                    $"label {i} is {label.Shape}, output '{output.Name}' of '{model.Name}' wants {wanted}"), name,
                    truth == MetricTruth.Maps ? "maps are as large as the output's: resize them to it, without blending classes"
                        : "labels are an array [N, …] of the output's shape, or text with the numbers of a sample on a line");
            if (truth == MetricTruth.Maps) CheckClasses(label, i, model, name);
        }
        return labels;
    }

    private static void CheckClasses(Tensor map, int index, Model model, string name)
    {
        var maps = ClassMaps.Of(model);
        for (int i = 0; i < map.Length; i++)
        {
            double label = map.GetDouble(i);
            if (label != Math.Floor(label) || (label >= maps.Classes && maps.Counts((int)Math.Min(label, int.MaxValue))))
                throw Bad(string.Create(CultureInfo.InvariantCulture,
                    $"label {index} holds {label} at pixel {i}, but '{model.Name}' has {Counted.Of(maps.Classes, "class", "classes")}")
                    + $" (0 to {maps.Classes - 1})", name, "255 and numbers below 0 stand for pixels that do not count");
        }
    }

    private static IReadOnlyList<Tensor> Arrays(string path, string name, Shape wanted, bool areMaps)
    {
        byte[] bytes = InputFile.ReadUnpacked(path);
        var array = NpyReader.IsNpy(bytes) ? NpyReader.Read(bytes, name) : Idx.HasMagic(bytes) ? Idx.Read(bytes, name) : null;
        if (array is null)
            return areMaps ? throw Bad("these are no maps", name, "pass an array [N, H, W] as .npy or IDX, an image, or a folder of images")
                : Lines(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), name);
        if (array.Shape.Rank == 0) throw Bad("a single number is no list of labels", name);
        // One sample, without an axis for it.
        if (array.Shape == wanted) return [array];
        var samples = new TensorSource(array, name).Read().Select(sample => sample.Tensor);
        return [.. samples.Select(t => t.Shape.Rank == wanted.Rank + 1 && t.Shape[0] == 1 ? t.Reshape(t.Shape.Remove(0)) : t)];
    }

    /// <summary>A sample a line; a first line that does not start with a number names the columns.</summary>
    private static List<Tensor> Lines(string text, string name)
    {
        var samples = new List<Tensor>();
        int number = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            string[] cells = line.Split(s_separators, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0) continue;
            var numbers = new double[cells.Length];
            int read = cells.TakeWhile((cell, i) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                && double.IsFinite(numbers[i])).Count();
            if (read < cells.Length)
            {
                if (number == 1 && read == 0) continue;
                throw new DiagnosticException(LibraryCodes.MetricLabels, $"'{Printable.Name(cells[read])}' is no number",
                    new SourceLocation(name, number, 1), "labels of numbers are .npy, or text with the numbers of a sample on a line");
            }
            samples.Add(Tensor.Create(Shape.Of(numbers.Length), numbers));
        }
        return samples;
    }

    internal static DiagnosticException Bad(string what, string? name, string? hint = null) =>
        new(LibraryCodes.MetricLabels, what, name is null ? null : new SourceLocation(name), hint);

    private static class Images
    {
        public static bool ImageName(string name) => Data.Images.ImageFile.HasImageName(name);

        public static IReadOnlyList<Tensor> Of(string path)
        {
            var source = Directory.Exists(path) ? ImageSource.Folder(path) : ImageSource.File(path);
            return new Maps(source);
        }

        /// <summary>Each decoded when it is asked for.</summary>
        private sealed class Maps(IRawSource source) : IReadOnlyList<Tensor>
        {
            public int Count => source.Count;

            public Tensor this[int index] => Map(source.Read([index]).Single());

            public IEnumerator<Tensor> GetEnumerator() => source.Read().Select(Map).GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        /// <summary>Grey, also where it is stored as three equal colours.</summary>
        private static Tensor Map(RawSample image)
        {
            var planes = (Tensor<byte>)image.Tensor;
            int height = planes.Shape[1], width = planes.Shape[2], size = height * width;
            bool isGrey = Enumerable.Range(1, planes.Shape[0] - 1).All(c =>
                planes.Data.AsSpan(c * size, size).SequenceEqual(planes.Data.AsSpan(0, size)));
            if (!isGrey)
                throw Bad("the image has colours: which class a colour is, is not known", image.Name,
                    "save maps as grey images whose value is the class, or as an array [N, H, W]");
            return Tensor.Create(Shape.Of(height, width), planes.Data[..size]);
        }
    }
}
