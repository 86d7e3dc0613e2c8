using System.Globalization;
using System.Text;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Evm.Calling;

namespace CortexMl.Cli.Presentation;

/// <summary>A contract that was deployed and called, for people.</summary>
internal static class ContractText
{
    private const int MostWords = 12;

    public static string Of(ContractReport report)
    {
        var text = new StringBuilder();
        Line(text, $"{Printable.Name(report.Contract)} at {report.Address}, {Counted.Grouped(report.CodeSize, "byte")} of code"
            + $"{(report.Compiler is { } compiler ? $", solc {Printable.Escape(compiler)}" : "")}");
        Line(text, $"model at {report.Model}{(report.Input is { } input ? $", input at {input}" : "")}, caller {report.Sender}");
        Line(text, $"block {report.BlockNumber}, time {report.Timestamp}: they stand still; "
            + $"a transaction may use {Tables.Number(report.GasLimit)} gas");
        Line(text, "");
        foreach (var call in report.Calls.Prepend(report.Deployment)) Call(text, call);
        Line(text, "");
        Line(text, $"{Counted.Grouped(report.Storage.Count, "word")} of storage");
        foreach (var word in report.Storage.Take(MostWords)) Line(text, $"  {word.Place}  {word.Value}");
        if (report.Storage.Count > MostWords) Line(text, $"  … {report.Storage.Count - MostWords} more: --json");
        Line(text, "");
        Line(text, $"total gas {Tables.Number(report.Gas)}: execution {Tables.Number(report.Gas - report.InferenceGas)}, "
            + $"inference {Tables.Number(report.InferenceGas)}");
        return text.ToString();
    }

    private static void Call(StringBuilder text, CallReport call)
    {
        string returns = call.Returns.Count == 0 ? "" : $" = {string.Join(", ", call.Returns.Select(Value))}";
        string gas = call.IsReadOnly ? "" : $"  gas {Tables.Number(call.Gas)}"
            + (call.Inferences == 0 && call.InferenceGas == 0 ? "" : $", of it inference {Tables.Number(call.InferenceGas)}");
        string ended = call.Status switch
        {
            CallStatus.Reverted => $"  reverted: {Printable.Escape(call.Reason ?? "")}",
            CallStatus.Failed => $"  failed: {Printable.Escape(call.Reason ?? "")}",
            _ => call.IsExpected ? "" : "  did not fail",
        };
        Line(text, $"{(call.IsExpected ? "ok  " : "NOT ")} {Printable.Escape(call.Call)}{returns}{ended}{gas}");
        foreach (var written in call.Events)
        {
            string name = written.Event is { } known ? $"{known.Split('(')[0]}({string.Join(", ", written.Values.Select(Named))})"
                : $"unknown, topics [{string.Join(", ", written.Topics)}], data {written.Data}";
            Line(text, $"       event {name}");
        }
    }

    private static string Named(CallValue value) => value.Name.Length > 0 ? $"{value.Name}: {Value(value)}" : Value(value);

    private static string Value(CallValue value) => value.Value switch
    {
        null => $"keccak256 {value.Hash}",
        { } text when text.GetValueKind() == JsonValueKind.String && value.Type != "string" => text.GetValue<string>(),
        { } other => Printable.Escape(other.ToJsonString()),
    };

    private static void Line(StringBuilder text, string line) => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
