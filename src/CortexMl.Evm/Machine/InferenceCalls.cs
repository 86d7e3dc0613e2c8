using System.Buffers.Binary;
using System.Numerics;
using CortexMl.Chain;
using CortexMl.Diagnostics;
using Nethereum.EVM.BlockchainState;
using Nethereum.Util;

namespace CortexMl.Evm.Machine;

/// <summary>
/// What INFER and INFERARRAY do during one transaction, however the contract's code says them. CortexMl.Chain/SPECIFICATION.md §3, §4.
/// </summary>
internal sealed class InferenceCalls(CalledModel model, ExecutionStateService state)
{
    /// <summary>Of all inferences that were paid.</summary>
    public long Gas { get; private set; }

    public int Count { get; private set; }

    /// <summary>Why the last one failed; null where none did.</summary>
    public string? Failure { get; private set; }

    /// <summary>Before the transaction pays it; an account that is no model costs nothing, for the call fails anyway.</summary>
    public long Price(byte opcode, ReadOnlySpan<byte> address)
    {
        if (!Is(address, model.Address)) return 0;
        return opcode == CortexOpcodes.Infer ? model.InferGas : model.InferArrayGas;
    }

    /// <summary>What is so until it runs.</summary>
    public void Await(long price) => Failure = $"out of gas: the inference costs {price}";

    public DiagnosticException Failed(string message)
    {
        Failure = message;
        return new(EvmCodes.Call, message, failure: FailureClass.Logic);
    }

    /// <param name="contract">Whose storage holds the input.</param>
    /// <param name="address">A word: the model's account.</param>
    /// <param name="input">A word: the account of the input, or the place of the array in the contract's storage.</param>
    /// <param name="outputWords">Length of the contract's output array.</param>
    /// <returns>The words that are written into it.</returns>
    /// <exception cref="DiagnosticException">The call fails: <see cref="Failure"/>.</exception>
    public async Task<byte[]> RunAsync(byte opcode, string contract, byte[] address, byte[] input, BigInteger outputWords)
    {
        Failure = null;
        try
        {
            if (!Is(address, model.Address)) throw Failed($"there is no model at {Shown(address)}; the model is {Hex.Of(model.Address)}");
            Gas += Price(opcode, address);
            byte[] data = opcode == CortexOpcodes.Infer ? Account(input) : await StoredAsync(contract, input);
            byte[] output = model.Run(data);
            long needed = (output.Length + ChainRules.WordSize - 1) / ChainRules.WordSize;
            if (outputWords < needed)
            {
                string array = Counted.Of((long)outputWords, "word");
                throw Failed($"the output of {Counted.Of(output.Length, "byte")} does not fit an array of {array}");
            }
            Count++;
            return Chain.Words.ChainWords.Pad(output);
        }
        catch (DiagnosticException error)
        {
            Failure = error.Diagnostics[0].Message;
            throw;
        }
    }

    private byte[] Account(byte[] address)
    {
        if (model.Input is { } known && Is(address, known.Address)) return known.Data;
        throw Failed($"there is no account of input data at {Shown(address)}");
    }

    /// <summary>The words of a <c>uint256[]</c>, no more than the model takes: the rest is cut.</summary>
    private async Task<byte[]> StoredAsync(string contract, byte[] place)
    {
        var length = Number(await state.GetFromStorageAsync(contract, Number(place)));
        long needed = Chain.Words.ChainWords.Count(model.InputLength);
        int words = (int)BigInteger.Min(length, needed);
        var first = Number(Sha3Keccack.Current.CalculateHash(Word(place)));
        byte[] data = new byte[words * ChainRules.WordSize];
        for (int i = 0; i < words; i++)
        {
            byte[] word = Word(await state.GetFromStorageAsync(contract, (first + i) & s_mask));
            word.CopyTo(data, i * ChainRules.WordSize);
        }
        return data;
    }

    private static readonly BigInteger s_mask = (BigInteger.One << (8 * ChainRules.WordSize)) - 1;

    private static BigInteger Number(byte[]? word) => word is null ? BigInteger.Zero : new(word, isUnsigned: true, isBigEndian: true);

    private static byte[] Word(byte[]? bytes)
    {
        byte[] word = new byte[ChainRules.WordSize];
        bytes?.CopyTo(word, word.Length - bytes.Length);
        return word;
    }

    private static bool Is(ReadOnlySpan<byte> word, byte[] address) => word[^ChainRules.AddressSize..].SequenceEqual(address);

    private static string Shown(byte[] word) => Hex.Of(word.AsSpan()[^ChainRules.AddressSize..]);
}
