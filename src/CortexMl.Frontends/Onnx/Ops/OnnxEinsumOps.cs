using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  bchw,dc->bdhw   ⇒   a as [shared, own to a, summed], b as [shared, summed, own to b], their product, turned to the result's order
/// <summary>Einstein sums of one tensor or two, without repeated letters in a term.</summary>
internal static class OnnxEinsumOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Einsum", "nn.transpose, nn.reshape and nn.matmul; nn.reduce_sum of letters that one operand has alone; without '...'")
        {
            Import = Einsum,
        },
    ];

    /// <summary>A value whose axes have letters.</summary>
    private sealed record Lettered(Value Value, string Letters)
    {
        public int Size(char letter) => Value.Type.Shape[Letters.IndexOf(letter, StringComparison.Ordinal)];

        public bool Has(char letter) => Letters.Contains(letter, StringComparison.Ordinal);
    }

    private static Entry[] Einsum(OnnxNode n)
    {
        string equation = n.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != n.InputCount || terms.Length > 2 || !terms.Concat(sides.Skip(1)).All(IsPlain))
            throw n.Attributes.Unsupported("equation", "one or two terms of different letters, as bhqd,bhkd->bhqk");
        string result = sides.Length == 2 ? sides[1] : Implied(terms);
        var operands = terms.Select((term, i) => Named(n, term, i)).ToArray();
        if (result.Any(letter => !operands.Any(o => o.Has(letter)))) throw n.Mismatch($"'{equation}' has a letter that no operand has");
        foreach (char letter in result.Concat(sides[0]).Where(char.IsLetter).Distinct())
            if (operands.Where(o => o.Has(letter)).Select(o => o.Size(letter)).Distinct().Count() > 1)
                throw n.Mismatch($"letter '{letter}' of '{equation}' has two sizes");
        for (int i = 0; i < operands.Length; i++)
            operands[i] = Folded(n, operands[i], $"sum{i}", result + string.Concat(terms.Where((_, k) => k != i)));
        var product = operands.Length == 1 ? operands[0] : Product(n, operands[0], operands[1], result);
        return n.Out(product.Letters == result ? n.Emit(NnUnary.Identity, [product.Value])
            : n.Emit(NnShape.Transpose, [product.Value], ("axes", Order(product.Letters, result))));
    }

    private static bool IsPlain(string term) => term.All(char.IsLetter) && term.Distinct().Count() == term.Length;

    /// <summary>Without an arrow: the letters that stand once, in the alphabet's order.</summary>
    private static string Implied(string[] terms) => string.Concat(
        string.Concat(terms).GroupBy(letter => letter).Where(g => g.Count() == 1).Select(g => g.Key).Order());

    private static Lettered Named(OnnxNode n, string term, int index)
    {
        var value = n.Data(index);
        return value.Type.Shape.Rank == term.Length ? new(value, term)
            : throw n.Mismatch($"'{term}' does not fit {value.Type.Shape}");
    }

    /// <summary>Letters that nobody else has are summed at once.</summary>
    private static Lettered Folded(OnnxNode n, Lettered operand, string step, string others)
    {
        int[] alone = [.. operand.Letters.Index().Where(l => !others.Contains(l.Item, StringComparison.Ordinal)).Select(l => l.Index)];
        if (alone.Length == 0) return operand;
        return new(n.Step(step, NnReduce.Sum, [operand.Value], ("axes", alone)),
            string.Concat(operand.Letters.Where((_, i) => !alone.Contains(i))));
    }

    private static Lettered Product(OnnxNode n, Lettered a, Lettered b, string result)
    {
        string both = string.Concat(a.Letters.Where(b.Has));
        string shared = string.Concat(both.Where(l => result.Contains(l, StringComparison.Ordinal)));
        string summed = string.Concat(both.Where(l => !result.Contains(l, StringComparison.Ordinal)));
        string rows = string.Concat(a.Letters.Where(l => !b.Has(l))), columns = string.Concat(b.Letters.Where(l => !a.Has(l)));
        // Two factors are [shared, rows, summed] and [shared, summed, columns]; an axis of 1 stands for no letter.
        var first = Grouped(n, "a", a, shared, rows, summed);
        var second = Grouped(n, "b", b, shared, summed, columns);
        var product = n.Step("product", NnConv.MatMul, [first, second]);
        int[] dims = [.. shared.Select(a.Size), .. rows.Select(a.Size), .. columns.Select(b.Size)];
        var whole = n.Step("whole", NnShape.Reshape, [product], ("shape", dims));
        return new(whole, shared + rows + columns);
    }

    private static Value Grouped(OnnxNode n, string step, Lettered operand, string shared, string second, string third)
    {
        string wanted = shared + second + third;
        var value = wanted == operand.Letters ? operand.Value
            : operand.Value.Constant?.Tensor is Tensor<float> tensor
            ? n.Floats($"{step}.turned", (Tensor<float>)Known.Moves.Transpose(tensor, Order(operand.Letters, wanted)))
            : n.Step($"{step}.turned", NnShape.Transpose, [operand.Value], ("axes", Order(operand.Letters, wanted)));
        return n.Reshaped($"{step}.grouped", value, Shape.Of([.. shared.Select(operand.Size), Count(second), Count(third)]));

        int Count(string letters) => letters.Aggregate(1, (count, letter) => count * operand.Size(letter));
    }

    private static int[] Order(string from, string to) => [.. to.Select(letter => from.IndexOf(letter, StringComparison.Ordinal))];
}
