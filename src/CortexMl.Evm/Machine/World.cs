using System.Numerics;
using CortexMl.Chain;
using Nethereum.EVM.BlockchainState;
using Nethereum.Util;

namespace CortexMl.Evm.Machine;

/// <summary>Accounts between transactions. The machine asks for them while it runs one; <see cref="Keep"/> takes what it changed.</summary>
internal sealed class World : INodeDataService
{
    private sealed record Account
    {
        public byte[] Code { get; set; } = [];

        public BigInteger Nonce { get; set; }

        public BigInteger Balance { get; set; }

        public SortedDictionary<BigInteger, byte[]> Storage { get; } = [];
    }

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    public void SetBalance(string address, BigInteger balance) => Of(address).Balance = balance;

    public byte[] Code(string address) => Of(address).Code;

    public BigInteger Nonce(string address) => Of(address).Nonce;

    /// <summary>Words that are not 0, in order of their places.</summary>
    public IReadOnlyDictionary<BigInteger, byte[]> Storage(string address) => Of(address).Storage;

    /// <summary>Takes the accounts as a transaction left them.</summary>
    public void Keep(ExecutionStateService state)
    {
        foreach (var (address, changed) in state.AccountsState)
        {
            var account = Of(address);
            if (changed.Code is { } code) account.Code = code;
            if (changed.Nonce is { } nonce) account.Nonce = nonce;
            if (changed.Balance.ExecutionBalance is { } difference) account.Balance += difference;
            foreach (var (place, word) in changed.Storage)
            {
                if (word is null || Array.TrueForAll(word, b => b == 0)) account.Storage.Remove(place);
                else account.Storage[place] = Padded(word);
            }
        }
    }

    public void Delete(string address) => _accounts.Remove(Key(address));

    public Task<BigInteger> GetBalanceAsync(byte[] address) => GetBalanceAsync(Hex.Of(address));

    public Task<BigInteger> GetBalanceAsync(string address) => Task.FromResult(Of(address).Balance);

    public Task<byte[]> GetCodeAsync(byte[] address) => GetCodeAsync(Hex.Of(address));

    public Task<byte[]> GetCodeAsync(string address) => Task.FromResult(Of(address).Code);

    public Task<byte[]> GetBlockHashAsync(BigInteger blockNumber) => Task.FromResult(new byte[ChainRules.WordSize]);

    public Task<byte[]> GetStorageAtAsync(byte[] address, BigInteger position) => GetStorageAtAsync(Hex.Of(address), position);

    public Task<byte[]> GetStorageAtAsync(string address, BigInteger position) =>
        Task.FromResult(Of(address).Storage.TryGetValue(position, out byte[]? word) ? word : new byte[ChainRules.WordSize]);

    public Task<BigInteger> GetTransactionCount(byte[] address) => GetTransactionCount(Hex.Of(address));

    public Task<BigInteger> GetTransactionCount(string address) => Task.FromResult(Of(address).Nonce);

    private Account Of(string address)
    {
        string key = Key(address);
        if (!_accounts.TryGetValue(key, out var account)) _accounts.Add(key, account = new());
        return account;
    }

    private static string Key(string address) => AddressUtil.Current.ConvertToValid20ByteAddress(address).ToLowerInvariant();

    private static byte[] Padded(byte[] word) =>
        word.Length == ChainRules.WordSize ? word : [.. new byte[ChainRules.WordSize - word.Length], .. word];
}
