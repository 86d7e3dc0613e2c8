using CortexMl.Ir;
using CortexMl.Text;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Small layers of every kind that generated kernels run: products, and what is done to their sums.</summary>
internal static class EmulatedGraphs
{
    /// <summary>Shapes of the data and the weights, and attributes of a convolution; null for a dense layer.</summary>
    private static readonly (string Data, string Weights, string? Attributes)[] s_products =
    [
        ("1, 16, 4, 5", "16, 16, 1, 1", ""),
        ("1, 7, 5, 4", "10, 7, 3, 3", "padding = [1, 1]"),
        ("2, 3, 7, 7", "32, 3, 3, 3", "strides = [2, 2], padding = [1, 1]"),
        ("1, 10, 7, 6", "48, 10, 3, 3", "dilation = [2, 2]"),
        ("1, 1, 6, 6", "20, 1, 5, 5", "strides = [2, 1], padding = [2, 0]"),
        ("1, 8, 4, 4", "32, 4, 2, 2", "groups = 2"),
        ("1, 48, 3, 3", "80, 48, 1, 1", ""),
        ("1, 80, 2, 3", "7, 80, 1, 1", ""),
        ("1, 32, 3, 3", "64, 8, 3, 3", "groups = 4, padding = [1, 1]"),
        ("1, 5, 9, 9", "1, 5, 3, 2", "padding = [2, 0], dilation = [2, 2]"),
        ("1, 70", "10, 70", null),
        ("5, 33", "48, 33", null),
        ("1, 16, 1, 1", "128, 16, 1, 1", ""),
        ("1, 4, 12, 12", "16, 4, 3, 3", "padding = [1, 1]"),
    ];

    /// <summary>What is done to the product %c. SHIFT brings sums to 8 bits, FACTOR is the shape of a number for each channel.</summary>
    private static readonly string[] s_epilogues =
    [
        // Sums as they are, as bytes with an offset and without one, as shorts.
        "%y = cvm.relu(%c)",
        "%y = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = SHIFT}",
        "%r = cvm.relu(%c)\n  %y = cvm.cvm_right_shift(%r) {precision = 8, shift_bit = SHIFT}",
        "%y = cvm.cvm_right_shift(%c) {precision = 13, shift_bit = 3}",
        // Clamps that are narrower than the elements.
        "%s = cvm.cvm_right_shift(%c) {precision = 12, shift_bit = SHIFT}\n  %y = cvm.clip(%s) {a_max = 77, a_min = 5}",
        "%k = cvm.clip(%c) {a_max = 900, a_min = -1000}\n  %y = cvm.cvm_right_shift(%k) {precision = 8, shift_bit = 4}",
        // Factors of each channel, and powers of two.
        "@m: i6[FACTOR] = random(5)\n  %p = cvm.broadcast_mul(%c, @m)\n  %y = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = SHIFT}",
        "@f: i8[1] = [64]\n  %k = cvm.clip(%c) {a_max = 3000, a_min = -3000}\n  %p = cvm.broadcast_mul(%k, @f)\n"
            + "  %y = cvm.cvm_right_shift(%p) {precision = 10, shift_bit = 9}",
        // Numbers that rounding could make wrap.
        "%k = cvm.cvm_clip(%c) {precision = 17}\n  %l = cvm.cvm_left_shift(%k) {precision = 32, shift_bit = 15}\n"
            + "  %y = cvm.cvm_right_shift(%l) {precision = 8, shift_bit = 24}",
        // Added tensors.
        "%s = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = SHIFT}\n  %y = cvm.elemwise_add(%s, %a)",
        "%s = cvm.cvm_right_shift(%c) {precision = 14, shift_bit = 4}\n  %t = cvm.elemwise_sub(%s, %b)\n"
            + "  %y = cvm.cvm_right_shift(%t) {precision = 8, shift_bit = 8}",
        "%k = cvm.clip(%c) {a_max = 100000, a_min = -100000}\n  %t = cvm.elemwise_add(%k, %d)\n  %y = cvm.relu(%t)",
        "%k = cvm.clip(%c) {a_max = 100000, a_min = -100000}\n  %t = cvm.elemwise_sub(%k, %d)\n  %u = cvm.elemwise_add(%t, %b)\n"
            + "  %s = cvm.cvm_right_shift(%u) {precision = 8, shift_bit = 11}\n  %v = cvm.elemwise_sub(%s, %a)\n"
            + "  %y = cvm.cvm_right_shift(%v) {precision = 8, shift_bit = 1}",
    ];

    /// <summary>
    /// Of the weights, and what the sums are shifted by. Small ones are multiplied with bytes, on any set; large ones with shorts where a
    /// set has no exact products of bytes, or where another reader of the data needs them.
    /// </summary>
    private static readonly (string Weights, int Shift, bool AreShort)[] s_numbers = [("i4", 6, false), ("i8", 9, false), ("i8", 9, true)];

    /// <summary>
    /// Another reader %z of the data, which adds more tensors than generated kernels do: kernels of intrinsics run it on shorts.
    /// </summary>
    private const string OtherReader = "\n  %z1 = cvm.elemwise_add(%z0, %n)\n  %z2 = cvm.elemwise_add(%z1, %n)"
        + "\n  %z3 = cvm.elemwise_add(%z2, %n)\n  %z4 = cvm.elemwise_add(%z3, %n)\n  %z = cvm.elemwise_add(%z4, %n)";

    public static int Products => s_products.Length;

    /// <summary>A product with each epilogue; data and weights take turns.</summary>
    public static IEnumerable<Graph> Of(int product) => s_epilogues.Index().Select(epilogue =>
        TextParser.ParseOne(Text(s_products[product], s_numbers[(product + epilogue.Index + (epilogue.Index / 3)) % 3], epilogue.Item)));

    private static string Text(
        (string Data, string Weights, string? Attributes) product, (string Weights, int Shift, bool AreShort) numbers, string epilogue)
    {
        string[] data = product.Data.Split(", "), weights = product.Weights.Split(", ");
        string channels = weights[0], inputs = $"%x: i8[{product.Data}]", outputs = "%y";
        string head = $"""
              @w: {numbers.Weights}[{product.Weights}] = random(3)
              @bias: i11[{channels}] = random(4)
              %c = {Operation("@w, @bias", channels, kernel: weights[2..], product.Attributes)}
            """;
        string shape = ShapeOf($"graph @g({inputs}) {{\n{head}\n  return %c\n}}\n");
        foreach (var (name, type) in new[] { ("a", "i8"), ("b", "i15"), ("d", "i20") })
            if (epilogue.Contains($"%{name})", StringComparison.Ordinal)) inputs += $", %{name}: {type}[{shape}]";
        string factor = product.Attributes is null ? channels : $"{channels}, 1, 1";
        epilogue = epilogue.Replace("FACTOR", factor, StringComparison.Ordinal)
            .Replace("SHIFT", $"{numbers.Shift}", StringComparison.Ordinal);
        if (numbers.AreShort)
        {
            string[] ones = [.. data[2..].Select(_ => "1")];
            epilogue += $"\n  @v: i8[{string.Join(", ", ["1", data[1], .. ones])}] = random(6)\n  %z0 = "
                + Operation("@v", "1", ones, product.Attributes is null ? null : "") + OtherReader;
            (inputs, outputs) = ($"{inputs}, %n: i8[{string.Join(", ", [data[0], "1", .. data[2..]])}]", "%y, %z");
        }
        return $"graph @g({inputs}) {{\n{head}\n  {epilogue}\n  return {outputs}\n}}\n";
    }

    private static string Operation(string operands, string channels, string[] kernel, string? attributes)
    {
        string bias = operands.Contains(',', StringComparison.Ordinal) ? "" : ", use_bias = false";
        if (attributes is null) return $"cvm.dense(%x, {operands}) {{units = {channels}{bias}}}";
        string others = attributes.Length == 0 ? "" : $", {attributes}";
        return $"cvm.conv2d(%x, {operands}) {{channels = {channels}, kernel_size = [{string.Join(", ", kernel)}]{others}{bias}}}";
    }

    private static string ShapeOf(string graph) => string.Join(", ", TextParser.ParseOne(graph).Outputs[0].Type.Shape.ToArray());
}
