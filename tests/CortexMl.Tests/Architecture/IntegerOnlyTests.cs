using CortexMl.Cvm;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;
using CortexMl.Engines.OnnxInteger;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ops.Cvm;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>
/// The CVM must give the same bits on every machine: kernels, gas, storage, conversions, and the rules of the operators hold no floating
/// point at all.
/// </summary>
public sealed class IntegerOnlyTests
{
    [Fact]
    public void Interpreter_has_no_floating_point() => HasNoFloats(typeof(InterpreterEngine).Assembly.GetTypes().Where(IsOfTheInterpreter));

    [Fact]
    public void Cpu_engine_has_no_floating_point() =>
        HasNoFloats(typeof(CpuEngine).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(typeof(CpuEngine).Namespace!, StringComparison.Ordinal) == true));

    /// <summary>What writes the model and what runs it.</summary>
    [Fact]
    public void Onnx_integer_engine_has_no_floating_point()
    {
        HasNoFloats(typeof(OnnxIntegerEngine).Assembly.GetTypes().Where(type => type.Namespace == typeof(OnnxIntegerEngine).Namespace));
        HasNoFloats(typeof(ExactExporter).Assembly.GetTypes().Where(type => type.Namespace == typeof(ExactExporter).Namespace));
    }

    /// <summary>Reader, checks, gas, storage, conversions of input and output, and the emitter.</summary>
    [Fact]
    public void Files_gas_storage_and_conversions_have_no_floating_point() => HasNoFloats(typeof(CvmGas).Assembly.GetTypes());

    [Fact]
    public void Shapes_precisions_and_costs_of_integer_operators_have_no_floating_point() =>
        HasNoFloats(typeof(CvmConv).Assembly.GetTypes().Where(IsOfIntegerRows));

    [Fact]
    public void Scan_finds_constants_conversions_calls_and_locals()
    {
        Assert.Contains("ldc.r8", Findings(nameof(Constant)));
        Assert.Contains("conv.r8", Findings(nameof(Conversion)));
        Assert.Contains(Findings(nameof(Call)), found => found.StartsWith("call ", StringComparison.Ordinal));
        Assert.Contains(Findings(nameof(Local)), found => found.StartsWith("local ", StringComparison.Ordinal));
        Assert.Empty(Findings(nameof(Integers)));
    }

    private static IReadOnlyList<string> Findings(string method) =>
        [.. FloatScan.Findings(typeof(IntegerOnlyTests).GetMethod(method, CompiledCode.All)!)];

    private static void HasNoFloats(IEnumerable<Type> types)
    {
        var methods = types.SelectMany(CompiledCode.Methods).ToList();
        Assert.NotEmpty(methods);
        Assert.Empty(
            methods.SelectMany(method => FloatScan.Findings(method).Select(found => $"{method.DeclaringType}.{method.Name}: {found}")));
    }

    /// <summary>Types such as CvmConv and the ones that the compiler makes for their lambdas.</summary>
    private static bool IsOfIntegerRows(Type type) =>
        type.Namespace == typeof(CvmConv).Namespace && (type.DeclaringType ?? type).Name.StartsWith("Cvm", StringComparison.Ordinal);

    private static bool IsOfTheInterpreter(Type type) =>
        type.Namespace?.StartsWith(typeof(InterpreterEngine).Namespace!, StringComparison.Ordinal) == true;

    private static bool Constant(object x) => x.Equals(0.5);

    private static long Conversion(long x) => BitConverter.DoubleToInt64Bits(x);

    private static string Call(string x) => TimeSpan.Parse(x, null).TotalSeconds.ToString(x);

    private static Span<float> Local(Memory<float> x)
    {
        var span = x.Span;
        span.Clear();
        return span.Length > 3 ? span : default;
    }

    private static long Integers(long[] x) => x.Sum() / 2;
}
