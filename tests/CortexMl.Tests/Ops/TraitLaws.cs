using CortexMl.Ops;

namespace CortexMl.Tests.Ops;

/// <summary>What each trait promises, tried on random instances of a row.</summary>
internal static class TraitLaws
{
    private const int Attempts = 10_000, Wanted = 20, Fewest = 5;

    /// <summary>Whether an instance keeps a law; null where it cannot show it.</summary>
    public delegate bool? Law(RowInstance instance, Random random);

    /// <summary>
    /// Traits whose law can be tried. The others are lists of the runtime's: what works in place, and where its devices disagree.
    /// </summary>
    public static IReadOnlyDictionary<OpTraits, Law> All { get; } = new Dictionary<OpTraits, Law>
    {
        [OpTraits.Commutative] = Commutes,
        [OpTraits.Moves] = Moves,
        [OpTraits.Elementwise] = IsElementwise,
        [OpTraits.NeverNegative] = (instance, random) => instance.Run(instance.Numbers(random)).All(x => x >= 0 || double.IsNaN(x)),
        [OpTraits.SampleWise] = KeepsSamplesApart,
        [OpTraits.Product] = IsLinear,
    };

    /// <summary>An instance that breaks the law, or that too few could be tried; null where the row obeys.</summary>
    public static string? Broken(OpSpec row, OpTraits trait)
    {
        var random = new Random(3);
        int tried = 0;
        for (int seed = 0; seed < Attempts && tried < Wanted; seed++)
        {
            if (RowInstance.Draw(row, seed) is not { } instance || All[trait](instance, random) is not { } holds) continue;
            if (!holds) return instance.ToString();
            tried++;
        }
        return tried >= Fewest ? null : $"{row.Name}: too few instances for {trait}";
    }

    private static bool? Commutes(RowInstance instance, Random random)
    {
        if (instance.Operands is not [var a, var b] || a != b) return null;
        double[][] numbers = instance.Numbers(random);
        return Same(instance.Run(numbers), instance.Run([numbers[1], numbers[0]]));
    }

    /// <summary>No new numbers; a filler between elements would be one.</summary>
    private static bool? Moves(RowInstance instance, Random random)
    {
        double[][] numbers = instance.Numbers(random);
        // All different, of both signs and far from zero: what comes out can be told.
        var known = new HashSet<double>();
        foreach (double[] moved in numbers.Take(instance.IsVariadic ? numbers.Length : 1))
            for (int k = 0; k < moved.Length; k++) known.Add(moved[k] = (100 + known.Count) * (k % 2 == 0 ? 1 : -1));
        return instance.Run(numbers).All(known.Contains);
    }

    /// <summary>Operands whose elements trade places, all alike, give the result whose elements do.</summary>
    private static bool? IsElementwise(RowInstance instance, Random random)
    {
        if (instance.Operands.Any(o => o != instance.Result)) return instance.Operands.Count == 1 ? false : null;
        double[][] numbers = instance.Numbers(random);
        int[] places = [.. Enumerable.Range(0, numbers[0].Length)];
        random.Shuffle(places);
        double[] moved = instance.Run([.. numbers.Select(n => Traded(n, places))]);
        return Same(moved, Traded(instance.Run(numbers), places));
    }

    private static bool? KeepsSamplesApart(RowInstance instance, Random random)
    {
        if (instance.Result.Rank == 0 || instance.Operands.Any(o => o.Rank == 0)) return null;
        int samples = instance.Operands[0][0];
        if (samples < 2 || instance.Result[0] != samples || instance.Operands.Any(o => o[0] != samples)) return null;
        // Broadcast along leading axes, the first dimension of an operand is none of samples.
        if (instance.Operands is [var a, { Rank: > 1 } b] && a.Rank != b.Rank) return null;
        double[][] numbers = instance.Numbers(random), others = instance.Numbers(random);
        for (int i = 0; i < numbers.Length; i++) Sample(numbers[i], samples, 0).CopyTo(others[i], 0);
        return Same(Sample(instance.Run(numbers), samples, 0), Sample(instance.Run(others), samples, 0));
    }

    /// <summary>f(x + y, w) + f(0, w) = f(x, w) + f(y, w), bias or none; and the same for the weights.</summary>
    private static bool? IsLinear(RowInstance instance, Random random)
    {
        double[][] one = instance.Numbers(random), other = instance.Numbers(random);
        for (int operand = 0; operand < 2; operand++)
        {
            double[] x = one[operand], y = other[operand], sum = [.. x.Zip(y, (a, b) => a + b)];
            double[] left = Added(With(sum), With(new double[x.Length])), right = Added(With(x), With(y));
            if (!Same(left, right)) return false;

            double[] With(double[] data) => instance.Run([.. one.Select((own, i) => i == operand ? data : own)]);
        }
        return true;
    }

    private static double[] Added(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Traded(double[] elements, int[] places) => [.. places.Select(place => elements[place])];

    private static double[] Sample(double[] elements, int samples, int sample) =>
        elements[(sample * (elements.Length / samples))..((sample + 1) * (elements.Length / samples))];

    private static bool Same(double[] a, double[] b) =>
        a.Length == b.Length && a.Zip(b).All(p => Same(p.First, p.Second));

    private static bool Same(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(a));
}
