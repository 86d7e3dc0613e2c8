using System.Numerics;
using CortexMl.Chain;
using Nethereum.EVM.Execution;
using Nethereum.Util;

namespace CortexMl.Evm.Machine;

//  A contract that Ethereum's compiler made says INFER and INFERARRAY as a call of an account that no contract has. Its data: five words.
//
//    instruction (0xc0, 0xc1), contract whose storage is meant, model, input (account or place in storage), words of the output array
//
// The answer are the words of the output. Ethereum's own such accounts are there, too.
internal sealed class InferencePrecompile(InferenceCalls inference) : IPrecompileProvider
{
    /// <summary>In the source of <see cref="Compiling.BuiltIns"/>, too.</summary>
    public const string Address = "0x00000000000000000000000000000000c0c1c0c1";

    private const int RequestWords = 5;

    private readonly BuiltInPrecompileProvider _ethereum = BuiltInPrecompileProvider.Cancun();

    public IEnumerable<string> GetHandledAddresses() => _ethereum.GetHandledAddresses().Append(Address);

    public bool CanHandle(string address) => IsOurs(address) || _ethereum.CanHandle(address);

    public BigInteger GetGasCost(string address, byte[] data)
    {
        if (!IsOurs(address)) return _ethereum.GetGasCost(address, data);
        if (data.Length != RequestWords * ChainRules.WordSize) return 0;
        long price = inference.Price(data[ChainRules.WordSize - 1], Word(data, 2));
        inference.Await(price);
        return price;
    }

    public byte[] Execute(string address, byte[] data)
    {
        if (!IsOurs(address)) return _ethereum.Execute(address, data);
        if (data.Length != RequestWords * ChainRules.WordSize) throw new ArgumentException("no request of an inference");
        string contract = Hex.Of(Word(data, 1).AsSpan()[^ChainRules.AddressSize..]);
        var words = new BigInteger(Word(data, 4), isUnsigned: true, isBigEndian: true);
        return inference.RunAsync(data[ChainRules.WordSize - 1], contract, Word(data, 2), Word(data, 3), words).GetAwaiter().GetResult();
    }

    private static byte[] Word(byte[] data, int index) => data[(index * ChainRules.WordSize)..((index + 1) * ChainRules.WordSize)];

    private static bool IsOurs(string address) => address.IsTheSameAddress(Address);
}
