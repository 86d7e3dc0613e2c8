using System.Globalization;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Presentation;

/// <summary>What a call returned, on standard output.</summary>
internal static class Answers
{
    /// <param name="names">Of the classes; may be empty.</param>
    public static void Show(Session session, ChainAnswer answer, IReadOnlyList<string> names, bool json) =>
        session.Terminal.Write(json ? FileSchemas.Write(answer) : Lines(answer, names));

    /// <summary>The answer of a simulated call; the gas goes to standard error.</summary>
    /// <param name="preparation">What was done to the data; null where there were none.</param>
    public static void Show(
        Session session, SimulationResult call, ChainAnswer answer, IReadOnlyList<string> names, bool json, string? preparation)
    {
        var report = SimulationReport.Of(call, answer) with { Preparation = preparation };
        session.Terminal.Write(json ? FileSchemas.Write(report) : Lines(answer, names));
        if (session.IsQuiet) return;
        string input = call.GivenBytes > call.UsedBytes ? $"{Tables.Number(call.UsedBytes)} of {Counted.Grouped(call.GivenBytes, "byte")}"
            : Counted.Grouped(call.UsedBytes, "byte");
        session.Terminal.Error.Write($"input {input}, {Counted.Grouped(call.Gas, "operation")}, "
            + $"INFERARRAY {Tables.Number(call.InferArrayGas)} gas, INFER {Tables.Number(call.InferGas)} gas\n");
    }

    private static string Lines(ChainAnswer answer, IReadOnlyList<string> names) => answer switch
    {
        { Class: not null, Outputs: [{ Integers.Count: > 1 } scores] } => Ranked(scores, names),
        { Class: { } index } =>
            Text($"class{(answer.ClassName is null ? "" : ",name")}\n{index}{(answer.ClassName is { } name ? "," + Csv.Field(name) : "")}\n"),
        _ => Listed(answer),
    };

    /// <summary>One class a line, the best first.</summary>
    private static string Ranked(AnsweredOutput scores, IReadOnlyList<string> names)
    {
        var order = Enumerable.Range(0, scores.Integers.Count).OrderByDescending(i => scores.Integers[i]).ThenBy(i => i);
        string header = $"class,score{(scores.Scale is null ? "" : ",real")}{(names.Count == 0 ? "" : ",name")}\n";
        return header
            + string.Concat(
            order.Select(i =>
            Text($"{i},{scores.Integers[i]}{Real(scores, i)}{(names.Count == 0 ? "" : "," + Csv.Field(names.ElementAtOrDefault(i) ?? ""))}\n")));
    }

    /// <summary>One number a line, in order.</summary>
    private static string Listed(ChainAnswer answer) =>
        "output,index,integer,real\n" + string.Concat(answer.Outputs.SelectMany((output, o) =>
        output.Integers.Select((integer, i) =>
            Text($"{(output.Name is { } name ? Csv.Field(name) : Text($"{o}"))},{i},{integer}{(output.Scale is null ? "," : Real(output, i))}\n"))));

    private static string Real(AnsweredOutput output, int index) => output.Real(index) is { } real ? Text($",{real:G6}") : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Fields of the lines on standard output.</summary>
internal static class Csv
{
    /// <summary>A name from outside: escaped, and in quotes where it holds what separates fields.</summary>
    public static string Field(string name)
    {
        string shown = Printable.Escape(name);
        return shown.AsSpan().ContainsAny(',', '"') ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : shown;
    }
}
