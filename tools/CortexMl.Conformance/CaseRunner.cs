using System.Security.Cryptography;
using CortexMl.Cvm;
using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Conformance;

/// <summary>Runs one case folder (symbol, params, input.bin, expect.json) and says where we and the reference disagree.</summary>
/// <param name="profile">Which device's answers are expected.</param>
/// <param name="prepare">Of what runs models without aliased storage; the interpreter where null, which runs the others always.</param>
public sealed class CaseRunner(InterpreterProfile profile, Func<Graph, IExecutable>? prepare = null)
{
    private readonly InterpreterEngine _interpreter = new(new InterpreterOptions { Profile = profile });

    /// <summary>Cases so far that another engine was given for and that only the interpreter could run.</summary>
    public int OnInterpreter { get; private set; }

    /// <summary>One line per disagreement; empty where everything that the expectation names is the same.</summary>
    public IReadOnlyList<string> Run(string folder)
    {
        var expected = Expectation.Read(Path.Combine(folder, "expect.json"), formal: profile == InterpreterProfile.Definition);
        var found = new Disagreements();
        var loaded = CvmReader.ReadFolder(folder);
        if (loaded.Model is not { } model)
        {
            found.Compare(
                "answer", Answer(expected.Status, expected.Stage), Answer(loaded.Status, loaded.Stage), loaded.Findings[0].ToString());
            return found.Lines;
        }
        if (expected.Stage == CvmStage.Load)
        {
            found.Compare("answer", Answer(expected.Status, expected.Stage), Answer(CvmStatus.Ok, CvmStage.Ok));
            return found.Lines;
        }
        CompareFacts(model, expected, found);
        if (expected.Stage != CvmStage.Gas && expected.IsAnswered)
            CompareInference(model, Path.Combine(folder, "input.bin"), expected, found);
        return found.Lines;
    }

    /// <summary>
    /// What we do where the reference crashes, hangs or leaves memory unwritten: refuse with a coded finding, or answer. Any exception
    /// but a <see cref="DiagnosticException"/> is a bug and comes through.
    /// </summary>
    public HostileAnswer RunHostile(string folder)
    {
        var loaded = CvmReader.ReadFolder(folder);
        if (loaded.Model is not { } model) return new(Answer(loaded.Status, loaded.Stage), loaded.Findings[0].Code, []);
        try
        {
            return new(
                Answer(CvmStatus.Ok, CvmStage.Ok), null, Infer(model, File.ReadAllBytes(Path.Combine(folder, "input.bin")), runs: 1));
        }
        catch (DiagnosticException error)
        {
            return new(Answer(Class(error), CvmStage.Infer), error.Diagnostics[0].Code, []);
        }
    }

    private static void CompareFacts(CvmModel model, Expectation expected, Disagreements found)
    {
        try
        {
            found.Compare("gas", expected.Gas, model.Gas());
            if (expected.Stage == CvmStage.Gas)
                found.Compare("answer", Answer(expected.Status, expected.Stage), Answer(CvmStatus.Ok, CvmStage.Ok));
        }
        catch (DiagnosticException error)
        {
            found.Compare("answer", Answer(expected.Status, expected.Stage), Answer(Class(error), CvmStage.Gas), error.Message);
        }
        found.Compare("storage size", expected.StorageSize, model.StorageSize);
        found.Compare("input length", expected.InputLength, model.InputLength);
        found.Compare("output length", expected.OutputLength, model.OutputLength);
        found.Compare("input type size", expected.InputTypeSize, model.InputTypeSize);
        found.Compare("output type size", expected.OutputTypeSize, model.OutputTypeSize);
        if (expected.Precisions is { } precisions)
            found.Compare("precisions", string.Join(' ', precisions), string.Join(' ', model.Entries.Select(e => e.Value.Type.Precision)));
        if (expected.OutputShapes is { } shapes)
            found.Compare("output shapes", string.Join(' ', shapes), string.Join(' ', model.Graph.Outputs.Select(o => o.Type.Shape)));
    }

    private void CompareInference(CvmModel model, string inputFile, Expectation expected, Disagreements found)
    {
        try
        {
            byte[] output = Infer(model, File.ReadAllBytes(inputFile), expected.Runs);
            found.Compare("answer", Answer(expected.Status, expected.Stage), Answer(CvmStatus.Ok, CvmStage.Ok));
            if (expected.Output is { } bytes)
                found.Compare("output", Defined(bytes, expected), Defined(Convert.ToHexStringLower(output), expected));
            if (expected.OutputSha256 is { } digest)
                found.Compare("output digest", digest, Convert.ToHexStringLower(SHA256.HashData(output)));
        }
        catch (DiagnosticException error)
        {
            found.Compare("answer", Answer(expected.Status, expected.Stage), Answer(Class(error), CvmStage.Infer), error.Message);
        }
    }

    private byte[] Infer(CvmModel model, byte[] raw, int runs)
    {
        var input = InputConversion.FromBytes(model, raw);
        var plan = model.Storage.IsAliased ? new StoragePlan(model.Storage.Slots, model.Storage.Sizes) : null;
        if (prepare is not null && plan is not null) OnInterpreter++;
        using var executable = prepare is null || plan is not null ? _interpreter.Prepare(model.Graph, plan) : prepare(model.Graph);
        IReadOnlyList<Tensor<int>> heads = [];
        for (int run = 0; run < runs; run++) heads = executable.Run([input]);
        return OutputConversion.ToBytes(model, heads);
    }

    private static CvmStatus Class(DiagnosticException error) =>
        error.Diagnostics[0].Class == FailureClass.Runtime ? CvmStatus.Runtime : CvmStatus.Logic;

    private static string Answer(CvmStatus status, CvmStage stage) => $"{status} at {stage}";

    /// <summary>The hexadecimal text without the bytes that the reference leaves undefined.</summary>
    private static string Defined(string hex, Expectation expected)
    {
        char[] digits = hex.ToCharArray();
        foreach (var (low, high) in expected.Undefined)
            for (int i = 2 * low; i < Math.Min(2 * high, digits.Length); i++) digits[i] = '.';
        return new string(digits);
    }
}
