using System.Reflection;
using CortexMl.Engines.Interpreter;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>The interpreter must give the same bits on every machine: its code holds no floating point at all.</summary>
public sealed class IntegerOnlyTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Interpreter_has_no_floating_point()
    {
        var methods = typeof(InterpreterEngine).Assembly.GetTypes().Where(IsOfTheInterpreter).SelectMany(Methods).ToList();
        Assert.NotEmpty(methods);
        Assert.Empty(methods.SelectMany(method => FloatScan.Findings(method).Select(found => $"{method.DeclaringType}.{method.Name}: {found}")));
    }

    [Fact]
    public void Scan_finds_constants_conversions_calls_and_locals()
    {
        Assert.Contains("ldc.r8", Findings(nameof(Constant)));
        Assert.Contains("conv.r8", Findings(nameof(Conversion)));
        Assert.Contains(Findings(nameof(Call)), found => found.StartsWith("call ", StringComparison.Ordinal));
        Assert.Contains(Findings(nameof(Local)), found => found.StartsWith("local ", StringComparison.Ordinal));
        Assert.Empty(Findings(nameof(Integers)));
    }

    private static IReadOnlyList<string> Findings(string method) => [.. FloatScan.Findings(typeof(IntegerOnlyTests).GetMethod(method, All)!)];

    private static bool IsOfTheInterpreter(Type type) => type.Namespace == typeof(InterpreterEngine).Namespace;

    private static IEnumerable<MethodBase> Methods(Type type) => [.. type.GetMethods(All), .. type.GetConstructors(All)];

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
