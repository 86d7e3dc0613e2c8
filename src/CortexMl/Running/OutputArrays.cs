using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>
/// The outputs of all samples as arrays [N, …]: int32 of an integer model (real · scale), f32 of a float one and where a last step
/// was left to do.
/// </summary>
public static class OutputArrays
{
    private const string Archive = ".npz";
    private const int LongestKey = 1000;

    /// <summary>Says before anything runs where a file cannot hold all outputs.</summary>
    /// <param name="target">Path of the file, <c>-</c> for standard output.</param>
    /// <exception cref="DiagnosticException">CML0945.</exception>
    public static void Check(Model model, string target)
    {
        if (IsArchive(target) || model.Outputs.Count == 1) return;
        string what = target == "-" ? "standard output" : $"'{target}'";
        throw new DiagnosticException(LibraryCodes.SeveralOutputs,
            $"{what} takes one array, '{model.Name}' has {Counted.Of(model.Outputs.Count, "output")}: "
            + string.Join(", ", model.Outputs.Select(o => o.Name)),
            hint: "pass -o FILE.npz, which holds each under its name");
    }

    /// <param name="raw">Leave the last step out.</param>
    /// <param name="target">
    /// What <see cref="Check"/> found fit: a .npz with every output under its name, or the .npy of the only one.
    /// </param>
    public static void Write(Stream stream, Model model, IReadOnlyList<SampleResult> results, string target, bool raw)
    {
        var arrays = model.Outputs.Select((port, k) => Stack([.. results.Select(r => Of(port, r.Outputs[k]))]));
        if (IsArchive(target)) NpzWriter.Write(stream, Keys([.. model.Outputs.Select(o => o.Name)]).Zip(arrays));
        else NpyWriter.Write(stream, arrays.Single());

        Tensor Of(ModelPort port, Tensor output) => raw ? output : LastSteps.OwnOutput(port, output);
    }

    /// <summary>
    /// The names as keys, which are names of files in an archive: as they are, but for what would leave the folder into which somebody
    /// unpacks it, and what no file's name has; that is escaped as %XX.
    /// </summary>
    public static IReadOnlyList<string> Keys(IReadOnlyList<string> names) => OutputSignature.Distinct(names.Select(Key));

    private static string Key(string name)
    {
        bool leaves = name.Split('/').Any(part => part is "" or "." or "..");
        string key = string.Concat(name.Select(c => char.IsControl(c) || c == '\\' || (c == '/' && leaves) ? $"%{(int)c:X2}" : $"{c}"));
        return key.Length <= LongestKey ? key : key[..LongestKey];
    }

    private static bool IsArchive(string target) => target.EndsWith(Archive, StringComparison.OrdinalIgnoreCase);

    /// <summary>Along a new first axis, or along the batch axis where it is 1.</summary>
    private static Tensor Stack(IReadOnlyList<Tensor> tensors)
    {
        var first = tensors[0].Shape;
        var shape = first.Rank > 0 && first[0] == 1 ? first.With(0, tensors.Count) : first.Insert(0, tensors.Count);
        return tensors[0] is Tensor<int>
            ? Tensor.Create(shape, tensors.SelectMany(t => ((Tensor<int>)t).Data).ToArray())
            : Tensor.Create(shape, tensors.SelectMany(t => ((Tensor<float>)t).Data).ToArray());
    }
}
