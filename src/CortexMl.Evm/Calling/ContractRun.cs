using System.Globalization;
using System.Numerics;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;
using CortexMl.Evm.Compiling;
using CortexMl.Evm.Machine;

namespace CortexMl.Evm.Calling;

/// <summary>What is done with a contract after it is deployed.</summary>
public sealed record CallPlan
{
    /// <summary>Arguments of the constructor; null for the model's address where it takes one address, else none.</summary>
    public string? Constructor { get; init; }

    /// <summary>Words of an input, stored and run first where the contract has functions for it; null where there are none.</summary>
    public IReadOnlyList<object>? Words { get; init; }

    /// <summary>Calls in order.</summary>
    public IReadOnlyList<CallText> Calls { get; init; } = [];

    /// <summary>Outputs of the model, which <c>score(uint256)</c> is asked for.</summary>
    public long Outputs { get; init; }
}

/// <summary>Deploys a contract and calls it: an input, the plan's calls, then every function that only reads and takes nothing.</summary>
public sealed class ContractRun
{
    private const string SetInput = "SetInput(uint256[])", Score = "score(uint256)";

    /// <summary>Scores that are asked for one by one.</summary>
    private const long MaxScores = 1000;

    /// <summary>What runs the model on what was stored; the first that is there.</summary>
    private static readonly string[] s_runs = ["DigitRecognitionInfer()", "Infer()"];

    private readonly ContractCode _code;
    private readonly CortexMachine _machine;
    private readonly DiagnosticBag _notes;
    private readonly Dictionary<string, string> _words;
    private readonly string _address;

    private ContractRun(ContractCode code, CalledModel model, EvmLimits limits, DiagnosticBag notes)
    {
        _code = code;
        _machine = new CortexMachine(model, limits);
        _notes = notes;
        _address = _machine.NextAddress;
        _words = new(StringComparer.Ordinal) { ["model"] = Hex.Of(model.Address), ["this"] = _address };
        if (model.Input is { } input) _words["input"] = Hex.Of(input.Address);
    }

    /// <exception cref="DiagnosticException">
    /// CML1055 it cannot be deployed; CML1056 a call that does not fit it; CML1057 one that does not end; CML1011 values that do not fit.
    /// </exception>
    public static ContractReport Of(ContractCode code, CalledModel model, CallPlan plan, EvmLimits limits, DiagnosticBag notes)
    {
        var run = new ContractRun(code, model, limits, notes);
        var prepared = run.Prepared(plan);
        var deployment = run.Deploy(plan.Constructor);
        List<CallReport> calls = [.. prepared.Select(call => run.Call(call))];
        var paid = calls.Where(c => !c.IsReadOnly).Append(deployment).ToList();
        return new(ContractReport.CurrentVersion, code.Name, code.Compiler,
            Address: Address.Of(Hex.Parse(run._address, "address")), Model: Address.Of(model.Address),
            Input: model.Input is { } input ? Address.Of(input.Address) : null, Sender: CortexMachine.Sender,
            BlockNumber: EvmLimits.BlockNumber, Timestamp: EvmLimits.Timestamp, GasLimit: limits.Gas,
            CodeSize: run._machine.CodeSize(run._address), Deployment: deployment, Calls: calls,
            Storage: [.. run._machine.Storage(run._address).Select(word => new StoredWord(word.Key, word.Value))],
            Gas: paid.Sum(c => c.Gas), InferenceGas: paid.Sum(c => c.InferenceGas), IsExpected: calls.TrueForAll(c => c.IsExpected));
    }

    private sealed record PreparedCall(ContractEntry Entry, byte[] Data, string Shown, bool MustFail);

    /// <summary>All calls, so that what does not fit is said before anything runs.</summary>
    private List<PreparedCall> Prepared(CallPlan plan)
    {
        var functions = _code.Abi.Entries.Where(e => e.Kind == EntryKind.Function).ToList();
        ContractEntry? Known(string signature) => functions.Find(f => f.Signature.Canonical == signature);
        var calls = new List<PreparedCall>();
        if (plan.Words is { } words && Known(SetInput) is { } setInput)
        {
            calls.Add(Encoded(setInput, [words], $"SetInput({Counted.Of(words.Count, "word")})"));
            var infer = s_runs.Select(Known).FirstOrDefault(f => f is not null);
            if (infer is not null) calls.Add(Encoded(infer, [], infer.Signature.Canonical));
        }
        foreach (var call in plan.Calls)
        {
            var entry = Named(functions, call);
            calls.Add(Encoded(entry, CallText.Values(entry, call.Arguments, _words), call.Shown) with { MustFail = call.MustFail });
        }
        foreach (var view in functions.Where(f => f.IsReadOnly && f.Inputs.Count == 0))
            calls.Add(Encoded(view, [], view.Signature.Canonical));
        if (Known(Score) is { IsReadOnly: true } score && calls.Exists(c => s_runs.Contains(c.Entry.Signature.Canonical)))
        {
            for (long i = 0; i < Math.Min(plan.Outputs, MaxScores); i++)
                calls.Add(Encoded(score, [new BigInteger(i)], string.Create(CultureInfo.InvariantCulture, $"score({i})")));
        }
        return calls;
    }

    private static ContractEntry Named(List<ContractEntry> functions, CallText call)
    {
        var same = functions.Where(f => f.Name == call.Name).ToList();
        if (same.Count == 0)
            throw new DiagnosticException(EvmCodes.Call, $"the contract has no function '{Printable.Name(call.Name)}'",
                hint: Nearest.Hint(call.Name, functions.Select(f => f.Name).Distinct(StringComparer.Ordinal))
                    ?? $"it has {string.Join(", ", functions.Take(20))}");
        var fitting = same.Where(f => f.Inputs.Count == call.Arguments.Count).ToList();
        return fitting.Count < 2 ? fitting.FirstOrDefault() ?? same[0]
            : throw new DiagnosticException(EvmCodes.Call, $"'{call.Name}' is the name of several functions: {string.Join(", ", fitting)}",
                hint: "call one of another number of values");
    }

    private static PreparedCall Encoded(ContractEntry entry, IReadOnlyList<object> values, string shown) =>
        new(entry, CallData.Encode(entry.Signature, values), shown, MustFail: false);

    private CallReport Deploy(string? given)
    {
        var constructor = _code.Abi.Entries.FirstOrDefault(e => e.Kind == EntryKind.Constructor)
            ?? new ContractEntry(EntryKind.Constructor, "constructor", [], []);
        bool takesModel = given is null && constructor.Inputs is [{ Type: AbiAddress }];
        var arguments = takesModel ? ["model"] : CallText.Split(given ?? "", given ?? "");
        if (arguments.Count != constructor.Inputs.Count)
            throw new DiagnosticException(EvmCodes.Call,
                $"{constructor} takes {Counted.Of(constructor.Inputs.Count, "value")}, not {arguments.Count}",
                hint: "pass --constructor 'model, 5'; the word model stands for the model's address");
        byte[] encoded = AbiCodec.Encode(constructor.Signature.Inputs, CallText.Values(constructor, arguments, _words));
        var outcome = _machine.Deploy([.. _code.Deployment, .. encoded]);
        var report = Report(outcome, "constructor", [], isReadOnly: false, mustFail: false);
        return outcome.IsSuccess ? report
            : throw new DiagnosticException(EvmCodes.Deployment, $"'{Printable.Name(_code.Name)}' cannot be deployed: {report.Reason}",
                hint: "code for another chain, arguments that the constructor refuses, or too little gas: --gas-limit",
                failure: FailureClass.Logic);
    }

    private CallReport Call(PreparedCall call)
    {
        var outcome = _machine.Call(_address, call.Data, BigInteger.Zero, keeps: !call.Entry.IsReadOnly);
        return Report(outcome, call.Shown, call.Entry.Outputs, call.Entry.IsReadOnly, call.MustFail);
    }

    private CallReport Report(
        Outcome outcome, string shown, IReadOnlyList<ContractParameter> outputs, bool isReadOnly, bool mustFail)
    {
        var (status, reason) = outcome.IsSuccess ? (CallStatus.Succeeded, null)
            : outcome.Failure is { } failure ? (CallStatus.Failed, failure) : (CallStatus.Reverted, Reason(outcome.Returned));
        return new(shown, status, outcome.IsSuccess != mustFail, isReadOnly, outcome.GasUsed, outcome.InferenceGas, outcome.Inferences,
            outcome.IsSuccess && outputs.Count > 0 ? Returned(outputs, outcome.Returned) : [])
        {
            Reason = reason, Events = [.. outcome.Logs.Select(Event)], Changes = outcome.Changes,
        };
    }

    private static CallValue[] Returned(IReadOnlyList<ContractParameter> outputs, byte[] data)
    {
        try
        {
            return [.. AbiCodec.Decode([.. outputs.Select(o => o.Type)], data).Select((value, i) => CallValue.Of(outputs[i], value))];
        }
        catch (DiagnosticException)
        {
            return [new("", "bytes", Hex.Of(data), null)];
        }
    }

    private string Reason(byte[] data)
    {
        if (data.Length == 0) return "no reason given";
        try
        {
            var error = _code.Abi.Reverted(data);
            var values = CallData.Decode(error.Signature, data, _notes);
            if (RevertData.Meaning(error, values) is { } meaning) return meaning;
            if (error.Signature.Canonical == "Error(string)") return (string)values[0];
            var shown = values.Select((value, i) => AbiJson.Write(value, error.Inputs[i].Type).ToJsonString());
            return $"{error.Name}({string.Join(", ", shown)})";
        }
        catch (DiagnosticException)
        {
            return Hex.Of(data);
        }
    }

    private CallEvent Event(WrittenLog log)
    {
        string contract = Address.Of(Hex.Parse(log.Contract, "address"));
        string[] topics = [.. log.Topics.Select(topic => Hex.Of(topic))];
        try
        {
            var written = new EventLog(log.Topics, log.Data);
            var entry = _code.Abi.Logged(written);
            var values = written.Decode(entry, _notes).Select(CallValue.Of);
            return new(contract, entry.Signature.Canonical, [.. values], topics, Hex.Of(log.Data));
        }
        catch (DiagnosticException)
        {
            return new(contract, null, [], topics, Hex.Of(log.Data));
        }
    }
}
