using CortexMl.Ir;

namespace CortexMl.Tests.Ops;

/// <summary>What each trait promises, tried on random instances of a row.</summary>
internal static class TraitLaws
{
    public const int Attempts = 10_000;

    private const int Wanted = 20, Fewest = 5;

    /// <summary>Whether an instance keeps a law; null where it cannot show it.</summary>
    public delegate bool? Law(RowInstance instance, Random random);

    /// <summary>Traits whose law can be tried: all but what works in place, which is a list of the runtime's.</summary>
    public static IReadOnlyDictionary<OpTraits, Law> All { get; } = new Dictionary<OpTraits, Law>
    {
        [OpTraits.Commutative] = Commutes,
        [OpTraits.Moves] = Moves,
        [OpTraits.Reshapes] = KeepsOrder,
        [OpTraits.Elementwise] = IsElementwise,
        [OpTraits.NeverNegative] = (instance, random) => instance.Run(instance.Numbers(random)).All(x => x >= 0 || double.IsNaN(x)),
        [OpTraits.SampleWise] = KeepsSamplesApart,
        [OpTraits.Product] = IsLinear,
        [OpTraits.Monotone] = NeverDecreases,
        [OpTraits.Homogeneous] = CommutesWithFactors,
    };

    /// <summary>An instance that breaks the law, or that too few could be tried; null where the row obeys.</summary>
    public static string? Broken(OpSpec row, OpTraits trait, int attempts = Attempts)
    {
        var random = new Random(3);
        int tried = 0;
        for (int seed = 0; seed < attempts && tried < Wanted; seed++)
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

    /// <summary>
    /// No new numbers (a filler between elements would be one), and the same places for others: numbers that are exchanged for one another
    /// come out exchanged.
    /// </summary>
    private static bool? Moves(RowInstance instance, Random random)
    {
        double[][] numbers = instance.Numbers(random), others = [.. numbers.Select(n => (double[])n.Clone())];
        int moved = instance.IsVariadic ? numbers.Length : 1;
        // All different, of both signs and far from zero: what comes out can be told.
        var known = new List<double>();
        foreach (double[] data in numbers.Take(moved))
            for (int k = 0; k < data.Length; k++) known.Add(data[k] = instance.Unit * (200 + known.Count) * (k % 2 == 0 ? 1 : -1));
        double[] shuffled = [.. known];
        random.Shuffle(shuffled);
        var exchanged = known.Zip(shuffled).ToDictionary(pair => pair.First, pair => pair.Second);
        for (int i = 0; i < moved; i++) others[i] = Array.ConvertAll(numbers[i], x => exchanged[x]);
        double[] result = instance.Run(numbers);
        return result.All(exchanged.ContainsKey) && Same(instance.Run(others), Array.ConvertAll(result, x => exchanged[x]));
    }

    private static bool? KeepsOrder(RowInstance instance, Random random)
    {
        if (instance.Operands.Count != 1) return false;
        double[] data = Array.ConvertAll(instance.Numbers(random)[0], x => 21 * x);
        return Same(instance.Run([data]), data);
    }

    /// <summary>x ≤ y gives f(x) ≤ f(y), where both are numbers.</summary>
    private static bool? NeverDecreases(RowInstance instance, Random random)
    {
        double[][] low = instance.Numbers(random);
        double[][] high = [.. low.Select(n => Array.ConvertAll(n, x => x + instance.Unit * random.Next(4)))];
        return instance.Run(low).Zip(instance.Run(high)).All(pair => !(pair.First > pair.Second + 1e-9));
    }

    /// <summary>f(s · x) = s · f(x) for s > 0.</summary>
    private static bool? CommutesWithFactors(RowInstance instance, Random random)
    {
        double[][] numbers = instance.Numbers(random);
        int factor = random.Next(2, 6);
        return Same(instance.Run([.. numbers.Select(Scaled)]), Scaled(instance.Run(numbers)));

        double[] Scaled(double[] elements) => Array.ConvertAll(elements, x => factor * x);
    }

    /// <summary>Operands whose elements trade places, all alike, give the result whose elements do.</summary>
    private static bool? IsElementwise(RowInstance instance, Random random)
    {
        if (instance.Operands.Any(o => o != instance.Result))
        {
            bool mayBroadcast = instance.Operands.Count > 1 && !instance.IsVariadic;
            return mayBroadcast && instance.Operands.All(o => o.Count <= instance.Result.Count) ? null : false;
        }
        // One element has no other place.
        if (instance.Result.Count < 2) return null;
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
