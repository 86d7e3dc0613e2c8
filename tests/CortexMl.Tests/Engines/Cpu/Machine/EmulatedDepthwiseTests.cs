using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Depthwise convolutions, generated for every set of instructions, on the machine of the tests.</summary>
public sealed class EmulatedDepthwiseTests
{
    /// <summary>Channels, rows and columns of the kernel, strides, dilations, padding; and how the result is stored.</summary>
    private static readonly (int Channels, string Kernel, string Strides, string Dilation, string Padding, string Tail)[] s_layers =
    [
        (64, "3, 3", "1, 1", "1, 1", "1, 1", Shifted(8)), (80, "3, 3", "2, 2", "1, 1", "1, 1", Unsigned),
        (128, "5, 5", "1, 1", "1, 1", "2, 2", Shifted(8)), (96, "3, 3", "1, 1", "2, 3", "2, 3", Shifted(14)),
        (70, "2, 4", "2, 1", "1, 1", "0, 1", "%y = cvm.relu(%s)"), (64, "1, 3", "1, 2", "1, 1", "0, 1", Clipped),
        (64, "8, 1", "1, 1", "1, 1", "1, 0", Shifted(8)), (33, "3, 3", "1, 1", "1, 1", "1, 1", Shifted(8)),
        (48, "3, 3", "1, 3", "1, 1", "1, 1", Unsigned),
    ];

    private static string Unsigned => "%r = cvm.relu(%s)\n  " + Shifted(8).Replace("%s", "%r", StringComparison.Ordinal);

    private static string Clipped => "%c = cvm.clip(%s) {a_min = 5, a_max = 99}\n  %y = cvm.cvm_clip(%c) {precision = 8}";

    public static TheoryData<string, int> Layers
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var set in Enum.GetValues<CodeSet>())
                for (int layer = 0; layer < s_layers.Length; layer++) rows.Add(set.ToString(), layer);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Layers))]
    public void Depthwise_layers_give_the_interpreters_numbers(string name, int layer)
    {
        Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
        var graph = Graph(layer);
        int calls = EmulatedAgreement.Check(
            Enum.Parse<CodeSet>(name), graph, Agreement.RandomInputs(graph, layer), isWindows: layer % 2 == 1);
        Assert.True(calls > 0, $"no generated kernel runs\n{TextPrinter.Print(graph)}");
    }

    [SkippableTheory]
    [InlineData("Avx2")]
    [InlineData("Avx512Vnni")]
    public void Results_of_every_size_are_tried(string name)
    {
        Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
        var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name));
        for (int layer = 0; layer < s_layers.Length; layer++) engine.Observed((_, _) => { }).Prepare(Graph(layer)).Dispose();
        Assert.All(engine.Processor.Forms, form => Assert.NotNull(form.Sliding));
        Assert.Equal([ElementKind.Byte, ElementKind.Short, ElementKind.Int],
            engine.Processor.Forms.Select(f => f.Result).Distinct().Order());
        Assert.Equal([0, 128],
            engine.Processor.Forms.Where(f => f.Result == ElementKind.Byte).Select(f => f.ResultOffset).Distinct().Order());
        Assert.Empty(engine.Processor.Codes.Where(code => code.ToString().Contains("EX_V", StringComparison.Ordinal))
            .Except([.. X86InstructionTests.Tried, Iced.Intel.Code.VEX_Vzeroupper]));
    }

    private static string Shifted(int precision) => $"%y = cvm.cvm_right_shift(%s) {{precision = {precision}, shift_bit = 2}}";

    /// <summary>Weights of 3 bits: products of 256 bits are exact for data with an offset as well.</summary>
    private static Graph Graph(int layer)
    {
        var (channels, kernel, strides, dilation, padding, tail) = s_layers[layer];
        string sum = tail.Contains("%y = cvm.relu", StringComparison.Ordinal) ? "i24" : "i12";
        string window = $"kernel_size = [{kernel}], strides = [{strides}], dilation = [{dilation}], padding = [{padding}]";
        return TextParser.ParseOne($$"""
            graph @g(%x: i8[2, {{channels}}, 9, 11]) {
              @w: i3[{{channels}}, 1, {{kernel}}] = random({{layer}})
              @b: {{sum}}[{{channels}}] = random({{layer + 100}})
              %s = cvm.conv2d(%x, @w, @b) {channels = {{channels}}, groups = {{channels}}, {{window}}}
              {{tail}}
              return %y
            }
            """);
    }
}
