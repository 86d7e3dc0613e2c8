using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Verifying;

namespace CortexMl.Golden;

/// <summary>
/// <c>//? run @f([1, -2], [3]) == [2]</c>: a list for each input and each result, in row-major order. Integer graphs run on every engine at
/// hand in every way that it has, float graphs on the evaluator whose bits are the same on every machine.
/// </summary>
internal static class GoldenVectors
{
    /// <summary>Between the answers of engines that do not agree.</summary>
    public const string Apart = " but ";

    public static IReadOnlyList<string> Run(IReadOnlyList<Graph> graphs, IReadOnlyList<string> calls) =>
        [.. calls.Select(call => Run(graphs, call))];

    private static string Run(IReadOnlyList<Graph> graphs, string call)
    {
        int at = call.IndexOf('(', StringComparison.Ordinal);
        if (at < 0 || !call.EndsWith(')')) throw Wrong($"'{call}' calls no graph");
        string name = call[1..at].Trim();
        var graph = graphs.FirstOrDefault(g => g.Name == name)
            ?? throw Wrong($"there is no graph @{name}", Nearest.Hint(name, graphs.Select(g => g.Name)));
        string[] lists = [.. Lists(call[(at + 1)..^1], call)];
        if (lists.Length != graph.Inputs.Count)
            throw Wrong($"'{call}' has {Counted.Of(lists.Length, "list")}, @{name} takes {Counted.Of(graph.Inputs.Count, "input")}");
        double[][] numbers = [.. lists.Zip(graph.Inputs, (list, input) => Numbers(list, input, call))];
        return graph.Level == Level.Float ? Real(graph, numbers) : Integer(graph, numbers);
    }

    private static string Real(Graph graph, double[][] numbers)
    {
        using var session = PortableEvaluator.Calibration.Prepare(graph, graph.Outputs);
        var outputs = session.Run([.. numbers.Zip(graph.Inputs, (n, input) =>
            Tensor.Create(input.Type.Shape, Array.ConvertAll(n, x => (float)x)))]);
        return string.Join(", ", outputs.Select(o => List(((Tensor<float>)o).Data.ToArray().Select(Text))));
    }

    private static string Integer(Graph graph, double[][] numbers)
    {
        var model = new Model(graph.Name, graph);
        Tensor<int>[] inputs = [.. numbers.Zip(graph.Inputs, (n, input) =>
            Tensor.Create(input.Type.Shape, Array.ConvertAll(n, x => (int)x)))];
        var answers = new List<(string Engine, string Answer)>();
        foreach (var variant in EngineVariants.Of(model, EngineChoice.AtHand(model), 0, CancellationToken.None))
        {
            using var executable = variant.Prepare((_, _) => { });
            answers.Add((variant.Name, string.Join(", ", executable.Run(inputs).Select(o => List(o.Data.ToArray().Select(x => Text(x)))))));
        }
        if (answers.Count == 0) throw Wrong($"no engine at hand runs @{graph.Name}");
        var different = answers.DistinctBy(a => a.Answer).ToList();
        return different is [var only] ? only.Answer : string.Join(Apart, different.Select(a => $"{a.Answer} ({a.Engine})"));
    }

    private static IEnumerable<string> Lists(string text, string call)
    {
        for (int at = 0; at < text.Length;)
        {
            int open = text.IndexOf('[', at), close = text.IndexOf(']', at);
            if (open < 0 || close < open || text[at..open].Trim() is not ("" or ","))
                throw Wrong($"'{call}' has something beside lists such as [1, -2]");
            yield return text[(open + 1)..close];
            at = close + 1;
            if (text[at..].Trim().Length == 0) yield break;
        }
    }

    private static double[] Numbers(string list, Value input, string call)
    {
        double[] numbers = [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number : throw Wrong($"'{text}' is no number in '{call}'"))];
        if (numbers.Length != input.Type.Shape.Count)
            throw Wrong($"'{call}' has {Counted.Of(numbers.Length, "number")} for %{input.Name}: {input.Type}");
        if (!input.Type.Element.IsFloat
            && numbers.FirstOrDefault(n => n != Math.Truncate(n) || Math.Abs(n) > input.Type.Element.Bound) is not 0 and var odd)
            throw Wrong($"{Text((float)odd)} is no {input.Type.Element} of '{call}'");
        return numbers;
    }

    private static string List(IEnumerable<string> numbers) => $"[{string.Join(", ", numbers)}]";

    private static string Text(float number) => Numerics.Numbers.Format(number);

    private static string Text(int number) => Numerics.Numbers.Format(number);

    private static DiagnosticException Wrong(string message, string? hint = null) => new(GoldenCodes.UnknownCheck, message, hint: hint);
}
