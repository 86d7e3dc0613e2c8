using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// Kernels of every tile for which there are registers, though layers choose few of them: sums, stages and stores by their definition. They
/// need nothing of the processor.
/// </summary>
public sealed class KernelTileTests
{
    private static readonly (ElementKind Result, int Offset, int Low, int High)[] s_results =
    [
        (ElementKind.Byte, 0, 0, 255), (ElementKind.Byte, 128, -128, 127), (ElementKind.Short, 0, short.MinValue, short.MaxValue),
        (ElementKind.Int, 0, int.MinValue, int.MaxValue), (ElementKind.Byte, 0, 3, 250), (ElementKind.Byte, 128, -100, 99),
        (ElementKind.Short, 0, -3000, 3001),
    ];

    private static readonly ElementKind?[] s_others = [null, ElementKind.Byte, ElementKind.Short, ElementKind.Int];

    private static readonly ElementKind[] s_entries = [ElementKind.Short, ElementKind.Int];

    public static TheoryData<string, string> AllKinds
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string set in Enum.GetNames<CodeSet>())
                foreach (string kind in Enum.GetNames<ElementKind>()) rows.Add(set, kind);
            return rows;
        }
    }

    public static TheoryData<string, string> Sets
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string set in Enum.GetNames<CodeSet>())
            {
                rows.Add(set, nameof(ElementKind.Byte));
                rows.Add(set, nameof(ElementKind.Short));
            }
            return rows;
        }
    }

    /// <summary>Kernels as Windows calls them, and as others do, take turns.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_tile_is_computed_as_defined(string set, string data)
    {
        var forms = Forms(Enum.Parse<CodeSet>(set), Enum.Parse<ElementKind>(data)).ToList();
        Assert.True(forms.Count >= 72, $"only {forms.Count} kernels");
        Check(forms);
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Every_tile_of_elements_is_computed_as_defined(string set, string data)
    {
        var forms = ElementForms(Enum.Parse<CodeSet>(set), Enum.Parse<ElementKind>(data)).ToList();
        Assert.True(forms.Count >= 72, $"only {forms.Count} kernels");
        Check(forms);
    }

    private static void Check(IReadOnlyList<CodeForm> forms)
    {
        foreach (var (i, form) in forms.Index())
        {
            var processor = X86Processor.Of(form.Set, isWindows: i % 2 == 0);
            var store = new CodeStore((code, constants) => new EmulatedKernel(code, constants, processor)) { IsWindows = i % 2 == 0 };
            using var kernel = store.Take(form.Simplified());
            var test = new KernelCase(form, new Random(i));
            processor.Ranges = test.Ranges;
            byte[] expected = test.Expected(), found = test.Run(kernel);
            int at = expected.AsSpan().CommonPrefixLength(found);
            Assert.True(at == expected.Length, $"byte {at} of the result of {form.Key}");
        }
    }

    /// <summary>Every tile with the most steps that are merged in it; results, and what is added, take turns.</summary>
    private static IEnumerable<CodeForm> Forms(CodeSet set, ElementKind data)
    {
        int turn = 0;
        for (int pixels = 1; pixels <= set.Vectors().Registers; pixels++)
        {
            // Runs take turns too.
            int[] runs = [.. Enumerable.Range(1, pixels).Where(run => pixels % run == 0 && pixels / run <= CodeRegisters.MostRuns(set))];
            for (int vectors = 1; vectors <= 8; vectors++)
            {
                var tile = new TileShape(pixels, vectors, runs[(pixels + vectors) % runs.Length]);
                int merged = RegisterPlan.MostMerged(set, data, tile);
                if (merged == 0) continue;
                for (int i = 0; i < 3; i++, turn++)
                    yield return Form(set, tile, data, turn) with { RunBytes = tile.Run > 1 ? 12 : 0, Merged = merged };
            }
        }
    }

    /// <summary>Every tile, of sums, maxima and elements in turn; and of maxima that stay as narrow as they are.</summary>
    private static IEnumerable<CodeForm> ElementForms(CodeSet set, ElementKind data)
    {
        int turn = 0;
        for (int pixels = 1; pixels <= CodeRegisters.StoredAtOnce; pixels++)
        {
            for (int vectors = 1; vectors <= 8; vectors++)
            {
                var tile = new TileShape(pixels, vectors);
                for (int i = 0; i < 3 && tile.Sums <= set.Vectors().Registers - 2; i++, turn++)
                {
                    var form = Form(set, tile, data, turn);
                    yield return i == 2 ? form with { Loads = true } : form with { Fold = new FoldForm(Sums: i == 0, Bytes: 0) };
                }
                if (data == ElementKind.Int) continue;
                for (int bytes = 16; bytes <= set.Vectors().Bytes && tile.Sums <= FoldBody.CodesOf(bytes).Registers; bytes *= 2)
                {
                    var form = new CodeForm
                    {
                        Set = set, Tile = tile, Data = data, Merged = 1, Stages = [], Result = data, ResultOffset = 0,
                        Fold = new FoldForm(Sums: false, bytes),
                    };
                    yield return data == ElementKind.Byte
                        ? form with { Bytes = ((byte)(pixels % 3 * 50), (byte)(byte.MaxValue - (vectors % 2 * 40))) } : form;
                }
            }
        }
    }

    private static CodeForm Form(CodeSet set, TileShape tile, ElementKind data, int turn)
    {
        var (result, offset, low, high) = s_results[turn % s_results.Length];
        bool isWhole = result == ElementKind.Int;
        var stage = new StageForm(
            Other: s_others[turn % s_others.Length], Subtracts: turn % 3 == 0, Adds: turn % 5 != 0, Low: isWhole ? int.MinValue : -20000,
            High: isWhole ? int.MaxValue : 20011, Multiplies: turn % 2 == 0, LeftShift: turn % 2 == 0 ? 0 : 3,
            FirstShift: turn % 6, Rounding: 1 << 5, LastShift: 6, LastLow: low, LastHigh: high);
        return new CodeForm
        {
            Set = set, Tile = tile, Data = data, Merged = 1,
            Stages = turn % 11 == 0 && isWhole ? [] : turn % 4 == 1 ? [.. LookedUp(stage, turn)] : [stage],
            Result = result, ResultOffset = offset,
        };
    }

    /// <summary>The stage with an entry of a table behind it, and now and then a clamp.</summary>
    private static IEnumerable<StageForm> LookedUp(StageForm stage, int turn)
    {
        const int MostIndex = 900;
        var entry = s_entries[turn / 4 % s_entries.Length];
        yield return stage with
        {
            LastLow = turn % 3,
            LastHigh = MostIndex - turn,
            Lookup = new LookupForm(turn % 5 * 64, entry),
        };
        var clamp = default(StageForm) with { Low = int.MinValue, High = int.MaxValue };
        if (turn % 16 == 1) yield return clamp with { LastLow = stage.LastLow, LastHigh = stage.LastHigh };
    }
}
