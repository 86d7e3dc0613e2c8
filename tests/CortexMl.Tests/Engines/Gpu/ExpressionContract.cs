using CortexMl.Engines.Gpu.Kernels;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>On ILGPU's simulator.</summary>
public sealed class ExpressionTests(Simulator simulator) : ExpressionContract(simulator), IClassFixture<Simulator>;

/// <summary>What expressions compute, wherever kernels run.</summary>
public abstract class ExpressionContract(KernelRunner runner)
{
    private static readonly int[] s_numbers =
        [0, 1, -1, 2, -2, 5, -7, 127, -128, 1 << 15, -(1 << 20), int.MaxValue, int.MinValue, int.MinValue + 1, 0x01020304];

    [Theory]
    [InlineData("+"), InlineData("-"), InlineData("*"), InlineData("/"), InlineData("%"), InlineData("&"), InlineData("|"), InlineData("^")]
    [InlineData("<<"), InlineData(">>"), InlineData("<"), InlineData("<="), InlineData(">"), InlineData(">="), InlineData("=="),
        InlineData("!="), InlineData("min"), InlineData("max")]
    public void Operators_of_32_bits_are_those_of_the_language(string op)
    {
        var pairs = s_numbers.SelectMany(a => s_numbers.Select(b => (a, b))).ToArray();
        int[] result = Compute(pairs, (a, b) => Apply(op, a, b));
        Assert.Equal(Array.ConvertAll(pairs, p => Meaning(op, p.a, p.b)), result);
    }

    [Theory]
    [InlineData("+"), InlineData("-"), InlineData("*"), InlineData("/"), InlineData("%"), InlineData("&"), InlineData("|"), InlineData("^")]
    [InlineData("<"), InlineData("<="), InlineData("=="), InlineData("!="), InlineData("min"), InlineData("max")]
    public void Operators_of_64_bits_keep_the_high_half(string op)
    {
        var pairs = s_numbers.SelectMany(a => s_numbers.Select(b => (a, b))).ToArray();
        // The operands are a · 2^20, so that the high half matters; b does not become 0 by it.
        int[] result = Compute(pairs, (a, b) => Fold.Convert(Apply(op, a.ToI64() * (1 << 20), b.ToI64()), ScalarType.I64) % 1_000_003);
        Assert.Equal(Array.ConvertAll(pairs, p => (int)(WideMeaning(op, (long)p.a << 20, p.b) % 1_000_003)), result);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(7), InlineData(31)]
    public void Shifts_of_64_bits_are_arithmetic(int bits)
    {
        var pairs = Array.ConvertAll(s_numbers, a => (a, 3));
        int[] result = Compute(pairs, (a, b) => ((a.ToI64() << 30) * b.ToI64()) >> (bits + 8));
        Assert.Equal(Array.ConvertAll(pairs, p => unchecked((int)((((long)p.a << 30) * 3) >> (bits + 8)))), result);
    }

    [Fact]
    public void Constants_fold_to_what_the_device_computes()
    {
        foreach (string op in new[] { "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", "<=", "==", "!=", "min", "max" })
        {
            foreach (var (a, b) in s_numbers.SelectMany(a => s_numbers.Select(b => (a, b))))
                Assert.Equal(new ConstantExpr(Meaning(op, a, b), ScalarType.I32), Apply(op, a, b));
        }
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(-1), InlineData(3), InlineData(int.MinValue)]
    public void Operators_with_a_constant_on_either_side_agree(int constant)
    {
        foreach (string op in new[] { "+", "-", "*", "/", "%", "&", "|", "<<", ">>" })
        {
            var pairs = Array.ConvertAll(s_numbers, a => (a, constant));
            Assert.Equal(Array.ConvertAll(pairs, p => Meaning(op, p.a, constant)), Compute(pairs, (a, _) => Apply(op, a, constant)));
            Assert.Equal(Array.ConvertAll(pairs, p => Meaning(op, constant, p.a)), Compute(pairs, (a, _) => Apply(op, constant, a)));
        }
    }

    [Fact]
    public void Dot_product_of_four_bytes_is_exact_and_wraps()
    {
        (int, int)[] pairs = [(0x7f7f7f7f, 0x7f7f7f7f), (unchecked((int)0x80808080), unchecked((int)0x80808080)), (0x01ff7f80, 0x02030405)];
        int[] result = Compute(pairs, (a, b) => Expr.Dot4(a, b, int.MaxValue));
        Assert.Equal(
            [unchecked(int.MaxValue + (4 * 127 * 127)), unchecked(int.MaxValue + (4 * 128 * 128)),
            unchecked(int.MaxValue + 2 - 3 + (127 * 4) - (128 * 5))], result);
    }

    [Fact]
    public void Four_dot_products_in_a_row_are_their_sum()
    {
        Expr[] x = [0x01020304, 0x7f80ff01, unchecked((int)0x80808080), 5], w = [0x01010101, 0x02030405, unchecked((int)0x80808080), -1];
        int[] result = Compute([(7, 8), (int.MaxValue, 8)], (a, b) => Expr.Dot16([x[0], x[1], x[2], b - 3], w, a));
        int sum = (1 + 2 + 3 + 4) + ((127 * 2) - (128 * 3) - 4 + 5) + (4 * 128 * 128) - 5;
        Assert.Equal([7 + sum, unchecked(int.MaxValue + sum)], result);
    }

    [Fact]
    public void Only_the_chosen_side_is_evaluated_even_inside_an_index()
    {
        // Element 1000 does not exist.
        (int, int)[] pairs = [(1, 4), (2, 5), (1000, 6)];
        int[] table = [10, 20, 30];
        var k = new KernelBuilder("choose");
        KernelBuffer x = k.Read("x", KernelElement.I32, 3), t = k.Read("t", KernelElement.I32, 3), y = k.Write("y", KernelElement.I32, 3);
        k.Store(y, k.Thread, 5 + t[(x[k.Thread] < 3).Select(x[k.Thread], (Expr)0)] + (x[k.Thread] < 3).Select(t[x[k.Thread]], -1));
        int[] result = new int[3];
        runner.Run(k.Build(LaunchShape.Threads(3)), Array.ConvertAll(pairs, p => p.Item1), table, result);
        Assert.Equal([45, 65, 14], result);
    }

    private int[] Compute((int A, int B)[] pairs, Func<Expr, Expr, Expr> expression)
    {
        var k = new KernelBuilder("compute");
        KernelBuffer a = k.Read("a", KernelElement.I32, pairs.Length), b = k.Read("b", KernelElement.I32, pairs.Length),
        y = k.Write("y", KernelElement.I32, pairs.Length);
        k.Store(y, k.Thread, expression(a[k.Thread], b[k.Thread]));
        int[] result = new int[pairs.Length];
        runner.Run(
            k.Build(LaunchShape.Threads(pairs.Length)), Array.ConvertAll(pairs, p => p.A), Array.ConvertAll(pairs, p => p.B), result);
        return result;
    }

    private static Expr Apply(string op, Expr a, Expr b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "%" => a % b,
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "<<" => a << b,
        ">>" => a >> b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        ">=" => a >= b,
        "==" => a.Is(b),
        "!=" => a.IsNot(b),
        "min" => a.Min(b),
        _ => a.Max(b),
    };

    private static int Meaning(string op, int a, int b) => unchecked(op switch
    {
        "/" => b == 0 ? 0 : (int)((long)a / b),
        "%" => b == 0 ? a : (int)((long)a % b),
        "<<" => a << (b & 31),
        ">>" => a >> (b & 31),
        _ => (int)WideMeaning(op, a, b),
    });

    private static long WideMeaning(string op, long a, long b) => unchecked(op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => b == 0 ? 0 : a / b,
        "%" => b == 0 ? a : a % b,
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "<" => a < b ? 1 : 0,
        "<=" => a <= b ? 1 : 0,
        ">" => a > b ? 1 : 0,
        ">=" => a >= b ? 1 : 0,
        "==" => a == b ? 1 : 0,
        "!=" => a != b ? 1 : 0,
        "min" => Math.Min(a, b),
        _ => Math.Max(a, b),
    });
}
