using CortexMl.Ir;
using CortexMl.Text;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Small groups of every kind with tables among their operations.</summary>
internal static class LookupGraphs
{
    /// <summary>What comes to %c, and its shape.</summary>
    private static readonly (string Input, string Head, string Shape)[] s_heads =
    [
        // Products; those of 10 and 7 channels fill their last vector with anything.
        ("i8[1, 16, 4, 5]", Conv("16, 16, 1, 1", 16, "kernel_size = [1, 1]"), "1, 16, 4, 5"),
        ("i8[1, 7, 5, 4]", Conv("10, 7, 3, 3", 10, "kernel_size = [3, 3], padding = [1, 1]"), "1, 10, 5, 4"),
        ("i8[5, 33]", "@w: i8[7, 33] = random(3)\n  %c = cvm.dense(%x, @w) {units = 7, use_bias = false}", "5, 7"),
        ("i8[1, 64]", "@w: i8[96, 64] = random(3)\n  %c = cvm.dense(%x, @w) {units = 96, use_bias = false}", "1, 96"),
        // A depthwise convolution, a maximum, elements as they are, with and without channels to fill.
        ("i8[1, 64, 5, 6]", Conv("64, 1, 3, 3", 64, "kernel_size = [3, 3], padding = [1, 1], groups = 64", "i4"), "1, 64, 5, 6"),
        ("i12[1, 16, 6, 6]", "%c = cvm.max_pool2d(%x) {pool_size = [2, 2], strides = [2, 2]}", "1, 16, 3, 3"),
        ("i16[1, 16, 3, 5]", Alone, "1, 16, 3, 5"),
        ("i9[2, 21, 3, 3]", Alone, "2, 21, 3, 3"),
        ("i31[1, 48, 1, 7]", Alone, "1, 48, 1, 7"),
    ];

    /// <summary>Tables @t and their elements; the last one is too large to be part of a group.</summary>
    private static readonly (string Type, int Count)[] s_tables =
        [("i8", 255), ("i8", 1), ("i14", 300), ("i24", 513), ("i8", 2), ("i32", 1000), ("i8", 1023), ("i16", 65536), ("i8", 65537)];

    /// <summary>What is done to %c. HALF is the middle of the table, FACTOR the shape of a number for each channel.</summary>
    private static readonly string[] s_chains =
    [
        // Indices beyond both ends.
        "%y = cvm.cvm_lut(%c, @t) {in_dim = COUNT}",
        // As functions are lowered.
        Index + "%y = cvm.cvm_lut(%i, @t) {in_dim = COUNT}",
        // What is folded into the table, and what is not.
        Index + "%l = cvm.cvm_lut(%i, @t) {in_dim = COUNT}\n  @m: i4[1] = [3]\n  @d: i4[1] = [-5]\n"
            + "  %k = cvm.cvm_clip(%l) {precision = 20}\n  %b = cvm.broadcast_add(%k, @d)\n  %p = cvm.broadcast_mul(%b, @m)\n"
            + "  %y = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = 2}",
        Index + "%l = cvm.cvm_lut(%i, @t) {in_dim = COUNT}\n  @m: i5[FACTOR] = random(8)\n  %k = cvm.cvm_clip(%l) {precision = 20}\n"
            + "  %p = cvm.broadcast_mul(%k, @m)\n  %y = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = 5}",
        // An index that only a clip of its own brings near the table.
        "%k = cvm.clip(%c) {a_min = -70, a_max = 90}\n  @o: i8[1] = [70]\n  %i = cvm.broadcast_add(%k, @o)\n"
            + "  %y = cvm.cvm_lut(%i, @t) {in_dim = COUNT}",
        // Another tensor in front of the table, and behind it.
        "%k = cvm.cvm_clip(%c) {precision = 9}\n  %i = cvm.elemwise_add(%k, %a)\n  %y = cvm.cvm_lut(%i, @t) {in_dim = COUNT}",
        Index + "%l = cvm.cvm_lut(%i, @t) {in_dim = COUNT}\n  %k = cvm.cvm_clip(%l) {precision = 15}\n  %z = cvm.elemwise_sub(%k, %a)\n"
            + "  %y = cvm.cvm_right_shift(%z) {precision = 8, shift_bit = 1}",
        // Two tables that become one, and two that do not.
        Index + "%l = cvm.cvm_lut(%i, @t) {in_dim = COUNT}\n  @u: i8[99] = random(9)\n  %y = cvm.cvm_lut(%l, @u) {in_dim = 99}",
        Index + "%l = cvm.cvm_lut(%i, @t) {in_dim = COUNT}\n  %k = cvm.cvm_clip(%l) {precision = 8}\n  %z = cvm.elemwise_add(%k, %a)\n"
            + "  @u: i16[99] = random(9)\n  %y = cvm.cvm_lut(%z, @u) {in_dim = 99}",
    ];

    /// <summary>A pool of one pixel packs %c, which others read too.</summary>
    private const string Alone = "%c = cvm.max_pool2d(%x) {pool_size = [1, 1], strides = [1, 1]}";

    /// <summary>%c as %i, in the middle of the table and a bit beyond its ends.</summary>
    private const string Index = "%s = cvm.cvm_right_shift(%c) {precision = 10, shift_bit = 3}\n  @o: i17[1] = [HALF]\n"
        + "  %i = cvm.broadcast_add(%s, @o)\n  ";

    public static int Heads => s_heads.Length;

    /// <summary>Every chain behind a head, tables in turn.</summary>
    public static IEnumerable<Graph> Of(int head) =>
        s_chains.Index().Select(chain => Graph(s_heads[head], s_tables[(chain.Index + (2 * head)) % s_tables.Length], chain.Item));

    /// <summary>Every table behind a head.</summary>
    public static IEnumerable<Graph> TablesOf(int head) => s_tables.Select(table => Graph(s_heads[head], table, s_chains[1]));

    private static Graph Graph((string Input, string Head, string Shape) head, (string Type, int Count) table, string chain)
    {
        string[] dims = head.Shape.Split(", ");
        string factor = dims.Length == 4 ? $"{dims[1]}, 1, 1" : dims[1];
        chain = chain.Replace("COUNT", $"{table.Count}", StringComparison.Ordinal)
            .Replace("HALF", $"{table.Count / 2}", StringComparison.Ordinal).Replace("FACTOR", factor, StringComparison.Ordinal);
        string other = chain.Contains("%a)", StringComparison.Ordinal) ? $", %a: i8[{head.Shape}]" : "";
        string outputs = head.Head == Alone ? "%y, %c" : "%y";
        return TextParser.ParseOne($"graph @g(%x: {head.Input}{other}) {{\n  {head.Head}\n  @t: {table.Type}[{table.Count}] = random(5)\n"
            + $"  {chain}\n  return {outputs}\n}}\n");
    }

    private static string Conv(string weights, int channels, string attributes, string type = "i8") =>
        $"@w: {type}[{weights}] = random(3)\n"
        + $"  @b: i11[{channels}] = random(4)\n  %c = cvm.conv2d(%x, @w, @b) {{channels = {channels}, {attributes}}}";
}
