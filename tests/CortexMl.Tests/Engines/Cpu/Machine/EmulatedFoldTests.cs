using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Text;
using Iced.Intel;
using Xunit;
using Xunit.Sdk;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Pools, sums and maxima over the image, generated for every set of instructions, on the machine of the tests.</summary>
public sealed class EmulatedFoldTests
{
    /// <summary>Data that lie in memory as bytes without an offset and with one, as 16 and as 32 bits; with zeros around or not.</summary>
    private static readonly (string Type, string Head)[] s_data =
    [
        ("i8", "%d = cvm.relu(%x)"), ("i8", "%d = cvm.negative(%x)"), ("i14", "%d = cvm.negative(%x)"), ("i24", "%d = cvm.negative(%x)"),
        ("i8", "%d = cvm.relu(%x)\n  %z = CONVOLUTION"), ("i8", "%d = cvm.negative(%x)\n  %z = CONVOLUTION"),
    ];

    /// <summary>Images, channels, rows and columns, and what is folded.</summary>
    private static readonly (string Shape, string Operation)[] s_folds =
    [
        ("1, 16, 7, 9", "cvm.max_pool2d(%d) {pool_size = [2, 2], strides = [2, 2]}"),
        ("2, 64, 9, 9", "cvm.max_pool2d(%d) {pool_size = [3, 3], strides = [2, 2], padding = [1, 1]}"),
        ("1, 16, 6, 26", "cvm.max_pool2d(%d) {pool_size = [2, 2], strides = [1, 1]}"),
        ("1, 33, 5, 11", "cvm.max_pool2d(%d) {pool_size = [3, 2], strides = [1, 1]}"),
        ("1, 7, 8, 8", "cvm.max_pool2d(%d) {pool_size = [3, 3], strides = [2, 2], ceil_mode = true}"),
        ("2, 130, 5, 6", "cvm.max_pool2d(%d) {pool_size = [4, 1], strides = [1, 3], padding = [3, 0]}"),
        ("1, 20, 4, 4", "cvm.max_pool2d(%d) {pool_size = [4, 4], strides = [1, 1], padding = [2, 3]}"),
        ("1, 176, 3, 2", "cvm.max_pool2d(%d) {pool_size = [1, 1], strides = [1, 1]}"),
        ("3, 48, 7, 7", "cvm.sum(%d) {axis = [2, 3], keepdims = true}"),
        ("1, 160, 1, 5", "cvm.sum(%d) {axis = [2, 3], keepdims = true}"),
        ("2, 64, 3, 5", "cvm.max(%d) {axis = [2, 3], keepdims = true}"),
    ];

    /// <summary>What is done to the fold %p, or nothing; %a has its shape.</summary>
    private static readonly string[] s_epilogues =
    [
        "",
        "%y = cvm.clip(%p) {a_min = 5, a_max = 99}",
        "%y = cvm.clip(%p) {a_min = -100, a_max = 120}",
        "%y = cvm.relu(%p)",
        "%k = cvm.clip(%p) {a_max = 900, a_min = -1000}\n  @m: i6[CHANNELS, 1, 1] = random(5)\n  %q = cvm.broadcast_mul(%k, @m)\n"
            + "  %y = cvm.cvm_right_shift(%q) {precision = 8, shift_bit = 7}",
        "%k = cvm.clip(%p) {a_max = 100000, a_min = -100000}\n  %t = cvm.elemwise_sub(%k, %a)\n"
            + "  %y = cvm.cvm_right_shift(%t) {precision = 13, shift_bit = 3}",
    ];

    public static TheoryData<string, int> Folds
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var set in Enum.GetValues<CodeSet>())
                for (int fold = 0; fold < s_folds.Length; fold++) rows.Add(set.ToString(), fold);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Folds))]
    public void Folds_give_the_interpreters_numbers(string name, int fold)
    {
        NeedAvx2();
        foreach (var (i, graph) in Graphs(fold).Index())
        {
            var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name), isWindows: i % 2 == 1);
            Agreement.Check($"{name}, emulated", engine.Observed, graph, Agreement.RandomInputs(graph, fold));
            Assert.True(engine.Processor.Forms.Exists(form => form.Fold is not null), TextPrinter.Print(graph));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Every_instruction_set_at_hand_and_two_threads_agree(int fold)
    {
        foreach (var graph in Graphs(fold)) CpuAgreement.Check(graph, fold);
    }

    /// <summary>The folds above are of every kind of code that there is.</summary>
    [SkippableTheory]
    [InlineData("Avx2")]
    [InlineData("Avx512Vnni")]
    public void Every_kind_of_code_is_tried(string name)
    {
        NeedAvx2();
        var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name));
        for (int fold = 0; fold < s_folds.Length; fold++)
            foreach (var graph in Graphs(fold)) engine.Observed((_, _) => { }).Prepare(graph).Dispose();
        var forms = engine.Processor.Forms.Where(form => form.Fold is not null).ToList();
        foreach (bool sums in new[] { false, true })
        {
            var own = forms.Where(form => form.Fold == new FoldForm(sums, Bytes: 0)).ToList();
            Assert.Equal([ElementKind.Byte, ElementKind.Short, ElementKind.Int], own.Select(form => form.Data).Distinct().Order());
            Assert.Equal([ElementKind.Byte, ElementKind.Short, ElementKind.Int], own.Select(form => form.Result).Distinct().Order());
        }
        int widest = forms[0].Vectors.Bytes;
        int[] widths = [.. new[] { 16, 32, 64 }.Where(bytes => bytes <= widest)];
        foreach (var kind in new[] { ElementKind.Byte, ElementKind.Short })
        {
            var found = forms.Where(form => form.Data == kind).Select(form => form.Fold!.Bytes).Where(bytes => bytes > 0);
            Assert.Equal(kind == ElementKind.Byte ? widths : widths[1..], found.Distinct().Order());
        }
        Assert.Contains(forms, form => form.Fold!.Bytes > 0 && form.Bytes.Least > 0 && form.Bytes.Greatest < byte.MaxValue);
        Assert.Contains(forms, form => form.Fold!.Bytes > 0 && form.ResultOffset > 0);
        Assert.Empty(engine.Processor.Codes.Where(code => code.ToString().Contains("EX_V", StringComparison.Ordinal))
            .Except([.. X86InstructionTests.Tried, Code.VEX_Vzeroupper]));
    }

    [SkippableFact]
    public void The_least_byte_instead_of_the_largest() => Differs(
        i => i.Mnemonic == Mnemonic.Vpmaxub, (ref Instruction i) => i.Code = Code.VEX_Vpminub_ymm_ymm_ymmm256);

    [SkippableFact]
    public void A_maximum_that_begins_with_the_tile_before() => Differs(
        i => i.Mnemonic == Mnemonic.Vpxor && i.Op0Register == Register.YMM3, (ref Instruction i) => i.Code = Code.Nopd);

    [SkippableFact]
    public void A_pixel_that_looks_at_anothers_window() => Differs(
        i => i.Mnemonic == Mnemonic.Vpmaxub && i.MemoryBase == Register.R10, (ref Instruction i) => i.MemoryBase = Register.R9);

    [SkippableFact]
    public void Windows_of_another_tile() => Differs(
        i => i.MemoryBase == Register.RBP && i.MemoryIndexScale == 8, (ref Instruction i) => i.MemoryIndex = Register.None);

    [SkippableFact]
    public void A_step_too_many() => Faults(
        "of the steps, which has", i => i.Mnemonic == Mnemonic.Jb && i.NearBranch64 > 100,
        (ref Instruction i) => i.Code = Code.Jbe_rel32_64);

    private const int Padded = 1;

    private static void Differs(Predicate<Instruction> where, PlantedChange change)
    {
        Check(null);
        Assert.Throws<TrueException>(() => Check(code => PlantedFault.In(code, where, change)));
    }

    private static void Faults(string expected, Predicate<Instruction> where, PlantedChange change)
    {
        Check(null);
        Assert.Contains(expected, Assert.Throws<X86Fault>(() => Check(code => PlantedFault.In(code, where, change))).Message,
            StringComparison.Ordinal);
    }

    private static void Check(Func<byte[], byte[]>? change)
    {
        NeedAvx2();
        var graph = Graphs(Padded).First();
        Agreement.Check("emulated", new EmulatedEngine(CodeSet.Avx2, change: change).Observed, graph, Agreement.RandomInputs(graph, 1));
    }

    private static IEnumerable<Graph> Graphs(int fold) =>
        from data in s_data
        from epilogue in s_epilogues
        select Graph(data, s_folds[fold], epilogue);

    private static Graph Graph((string Type, string Head) data, (string Shape, string Operation) fold, string epilogue)
    {
        string channels = fold.Shape.Split(", ")[1], inputs = $"%x: {data.Type}[{fold.Shape}]";
        string head = data.Head.Replace("CONVOLUTION",
            "cvm.conv2d(%d, @w) {channels = 1, kernel_size = [3, 3], padding = [2, 1], use_bias = false}", StringComparison.Ordinal);
        if (head.Contains("@w", StringComparison.Ordinal)) head = $"@w: i3[1, {channels}, 3, 3] = random(6)\n  {head}";
        string text = $"{head}\n  %p = {fold.Operation}", outputs = epilogue.Length > 0 ? "%y" : "%p";
        if (head.Contains("%z", StringComparison.Ordinal)) outputs += ", %z";
        if (epilogue.Contains("%a", StringComparison.Ordinal))
            inputs += $", %a: i8[{string.Join(", ", TextParser.ParseOne(Text(inputs, text, "%p")).Outputs[0].Type.Shape.ToArray())}]";
        return TextParser.ParseOne(Text(inputs, $"{text}\n  {epilogue.Replace("CHANNELS", channels, StringComparison.Ordinal)}", outputs));
    }

    private static string Text(string inputs, string body, string outputs) => $"graph @g({inputs}) {{\n  {body}\n  return {outputs}\n}}\n";

    /// <summary>Of kernels that are not generated.</summary>
    private static void NeedAvx2() => Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
}
