using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Passes.Instrumentation;

/// <summary>
/// Keeps the text of the graph before the pass that runs, and hands it out when that pass fails with anything but a diagnostic: a text that
/// replays the failure, and the constants that it is too short for.
/// </summary>
/// <param name="tensors">File under whose name the text looks for those constants: <c>file("failure.npz", "conv0.weight")</c>.</param>
/// <param name="words">Further options of the command that replays it, such as plugins; each is quoted where it has to be.</param>
/// <param name="write">Gets the text, a comment with the pipeline that fails and then the graph, and the constants by key.</param>
public sealed class Reproducer(
    string tensors, Action<string, IReadOnlyList<(string Key, Tensor Tensor)>> write, params IReadOnlyList<string> words)
    : IPassInstrumentation
{
    /// <summary>Longer texts help nobody; the model itself with the pipeline replays the failure as well.</summary>
    private const int MostOperations = 20_000;

    private readonly List<(string Key, Tensor Tensor)> _constants = [];
    private Graph? _before;

    public void Before(PassInfo pass, PassOptions options, Graph graph) =>
        // Where a constant came from says nothing to a reader of the reproducer: the file need not be there.
        _before = graph.Operations.Count <= MostOperations ? GraphCopy.Of(graph, constant => new ConstantData(constant.Tensor)) : null;

    public void Failed(PassInfo pass, PassOptions options, Graph graph, Exception error)
    {
        if (error is DiagnosticException || _before is null) return;
        _constants.Clear();
        string text = TextPrinter.Print(_before, new PrintOptions { Place = Place });
        string reason = string.Join("\n// ", Printable.Lines(error.Message).Split('\n'));
        string command = string.Join(' ', words.Prepend($"--passes={Replayed(pass, options)}").Prepend("opt").Select(Word));
        // A golden file checks that line: the text passes as a test for as long as the pass fails.
        write($"//! {command}\n//? error {DiagnosticCodes.PassFailed}\n// {reason}\n{text}", _constants);
    }

    /// <summary>The step as a pipeline spells it, values in quotes where they have to be.</summary>
    private static PipelineStep Replayed(PassInfo pass, PassOptions options)
    {
        var given = pass.Options.Select(o => o.Name).Where(options.IsGiven);
        return new(pass.Name, [.. given.Select(name => KeyValuePair.Create(name, options.Text(name)))]);
    }

    /// <summary>In single quotes where the line would be split otherwise.</summary>
    private static string Word(string word) => word.Any(c => char.IsWhiteSpace(c) || c == '"') ? $"'{word}'" : word;

    private ConstantOrigin.File Place(string name, ConstantData constant)
    {
        _constants.Add((name, constant.Tensor));
        return new ConstantOrigin.File(tensors, name);
    }
}
