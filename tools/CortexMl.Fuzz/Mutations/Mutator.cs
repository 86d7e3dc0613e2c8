namespace CortexMl.Fuzz.Mutations;

/// <summary>Makes a broken file from a whole one: one to six changes, of bytes or of tokens.</summary>
internal static class Mutator
{
    private const int MaxChanges = 6;

    /// <summary>Larger results are cut: size alone finds nothing.</summary>
    private const int MaxBytes = 1 << 20;

    /// <param name="other">Another seed of the same reader, from which pieces are taken.</param>
    public static byte[] Mutate(byte[] seed, byte[] other, bool isText, Random random)
    {
        var bytes = new List<byte>(seed);
        // Mostly one change: a file with many faults is refused at the first.
        int changes = random.Next(3) == 0 ? random.Next(1, MaxChanges + 1) : 1;
        bool byTokens = isText && random.Next(4) != 0;
        if (byTokens)
        {
            var tokens = Tokens.Split(seed);
            var others = Tokens.Split(other);
            for (; changes > 0; changes--) TokenChange.Apply(tokens, others, random);
            bytes = [.. tokens.SelectMany(token => token)];
        }
        else
        {
            for (; changes > 0; changes--) ByteChange.Apply(bytes, other, random);
        }
        return bytes.Count <= MaxBytes ? [.. bytes] : [.. bytes[..MaxBytes]];
    }
}
