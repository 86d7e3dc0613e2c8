using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Text;
using Iced.Intel;
using Xunit;
using Xunit.Sdk;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Groups without head, and upsampling, generated for every set of instructions, on the machine of the tests.</summary>
public sealed class EmulatedLoadTests
{
    /// <summary>Whether the packed data %d and the other one %e, which comes of a pool too, have zeros around.</summary>
    private static readonly (string Shape, bool HasBorder)[] s_images =
    [
        ("1, 16, 5, 13", false), ("1, 16, 5, 13", true), ("2, 33, 3, 7", true), ("1, 64, 4, 4", false), ("3, 130, 1, 1", false),
        ("1, 176, 2, 3", true), ("2, 5, 9, 2", false),
    ];

    /// <summary>Types of the data and of the other tensor: bytes, 16 and 32 bits.</summary>
    private static readonly (string Data, string Other)[] s_types =
        [("i8", "i8"), ("i8", "i20"), ("i14", "i8"), ("i14", "i14"), ("i24", "i14"), ("i24", "i24")];

    /// <summary>Of the data %d, which others read too.</summary>
    private static readonly string[] s_chains =
    [
        "%y = cvm.relu(%d)",
        "%y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 2}",
        "%y = cvm.elemwise_add(%d, %e)",
        "%y = cvm.elemwise_sub(%d, %e)",
        "@m: i6[CHANNELS, 1, 1] = random(5)\n  @b: i9[CHANNELS, 1, 1] = random(6)\n  %k = cvm.broadcast_add(%d, @b)\n"
            + "  %l = cvm.clip(%k) {a_min = -3000, a_max = 2000}\n  %q = cvm.broadcast_mul(%l, @m)\n  %r = cvm.elemwise_add(%q, %e)\n"
            + "  %y = cvm.cvm_right_shift(%r) {precision = 8, shift_bit = 7}",
        "%k = cvm.cvm_left_shift(%d) {precision = 31, shift_bit = 6}\n  %l = cvm.cvm_right_shift(%k) {precision = 15, shift_bit = 4}\n"
            + "  %r = cvm.elemwise_sub(%l, %e)\n  %y = cvm.clip(%r) {a_min = 3, a_max = 200}",
        "%u = cvm.upsampling(%d) {scale = 3}\n  %y = cvm.cvm_right_shift(%u) {precision = 8, shift_bit = 1}",
    ];

    public static TheoryData<string, int> Images
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var set in Enum.GetValues<CodeSet>())
                for (int image = 0; image < s_images.Length; image++) rows.Add(set.ToString(), image);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Images))]
    public void Chains_give_the_interpreters_numbers(string name, int image)
    {
        NeedAvx2();
        foreach (var (i, graph) in Graphs(image).Index())
        {
            var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name), isWindows: i % 2 == 1);
            Agreement.Check($"{name}, emulated", engine.Observed, graph, Agreement.RandomInputs(graph, image));
            Assert.True(engine.Processor.Forms.Exists(form => form.Loads), TextPrinter.Print(graph));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_instruction_set_at_hand_and_two_threads_agree(int image)
    {
        foreach (var graph in Graphs(image)) CpuAgreement.Check(graph, image);
    }

    [SkippableTheory]
    [InlineData("Avx2")]
    [InlineData("Avx512Vnni")]
    public void Every_kind_of_code_is_tried(string name)
    {
        NeedAvx2();
        var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name));
        for (int image = 0; image < s_images.Length; image++)
            foreach (var graph in Graphs(image)) engine.Observed((_, _) => { }).Prepare(graph).Dispose();
        var forms = engine.Processor.Forms.Where(form => form.Loads).ToList();
        ElementKind[] all = [ElementKind.Byte, ElementKind.Short, ElementKind.Int];
        Assert.Equal(all, forms.Select(form => form.Data).Distinct().Order());
        Assert.Equal(all, forms.Select(form => form.Result).Distinct().Order());
        Assert.Equal(all, forms.SelectMany(form => form.Stages).Select(stage => stage.Other).OfType<ElementKind>().Distinct().Order());
        Assert.Equal([0, 128], forms.Where(form => form.Result == ElementKind.Byte).Select(form => form.ResultOffset).Distinct().Order());
        Assert.Empty(engine.Processor.Codes.Where(code => code.ToString().Contains("EX_V", StringComparison.Ordinal))
            .Except([.. X86InstructionTests.Tried, Code.VEX_Vzeroupper]));
    }

    [SkippableFact]
    public void Elements_of_another_pixel() => Differs(
        i => i.Mnemonic == Mnemonic.Vpmovzxbd && i.MemoryBase == Register.R8 && i.MemoryDisplacement64 == 16,
        (ref Instruction i) => i.MemoryDisplacement64 = 0);

    [SkippableFact]
    public void Elements_without_what_is_added() => Differs(
        i => i.Mnemonic == Mnemonic.Vpaddd && i.MemoryBase == Register.RAX && i.Op0Register == Register.YMM1,
        (ref Instruction i) => i.Code = Code.Nopd);

    private static void Differs(Predicate<Instruction> where, PlantedChange change)
    {
        NeedAvx2();
        var graph = Graphs(1).ElementAt(1);
        Check(null);
        Assert.Throws<TrueException>(() => Check(code => PlantedFault.In(code, where, change)));

        void Check(Func<byte[], byte[]>? fault)
        {
            // Other kernels of the graph lack such instructions.
            var engine = new EmulatedEngine(CodeSet.Avx2, change: code => fault is null || !Matches(code) ? code : fault(code));
            Agreement.Check("emulated", engine.Observed, graph, Agreement.RandomInputs(graph, 1));
        }

        bool Matches(byte[] code)
        {
            var decoder = Iced.Intel.Decoder.Create(64, code);
            while (decoder.IP < (ulong)code.Length)
                if (where(decoder.Decode())) return true;
            return false;
        }
    }

    private static IEnumerable<Graph> Graphs(int image) =>
        from types in s_types
        from chain in s_chains
        select Graph(s_images[image], types, chain);

    /// <summary>
    /// Pools of one pixel pack the data; each has a second reader, so that the chain is a group of its own. A convolution of what has 8
    /// bits puts a border around it.
    /// </summary>
    private static Graph Graph((string Shape, bool HasBorder) image, (string Data, string Other) types, string chain)
    {
        string channels = image.Shape.Split(", ")[1];
        string body = "%d = cvm.max_pool2d(%x) {pool_size = [1, 1], strides = [1, 1]}\n  "
            + "%e = cvm.max_pool2d(%a) {pool_size = [1, 1], strides = [1, 1]}\n  "
            + chain.Replace("CHANNELS", channels, StringComparison.Ordinal);
        var graph = Parsed(body, "%y, %d, %e");
        if (!image.HasBorder) return graph;
        string outputs = "%y, %d, %e";
        body += $"\n  @border: i3[1, {channels}, 3, 3] = random(7)";
        foreach (var value in graph.Outputs.Where(output => output.Type.Element.Bound <= sbyte.MaxValue))
        {
            body += $"\n  %z{value.Name} = cvm.conv2d(%{value.Name}, @border) "
                + "{channels = 1, kernel_size = [3, 3], padding = [1, 2], use_bias = false}";
            outputs += $", %z{value.Name}";
        }
        return Parsed(body, outputs);

        Graph Parsed(string operations, string results) => TextParser.ParseOne(
            $"graph @g(%x: {types.Data}[{image.Shape}], %a: {types.Other}[{image.Shape}]) {{\n  {operations}\n  return {results}\n}}\n");
    }

    /// <summary>Of kernels that are not generated.</summary>
    private static void NeedAvx2() => Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
}
