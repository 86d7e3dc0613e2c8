using System.Numerics;
using CortexMl.Chain;
using CortexMl.Diagnostics;
using Nethereum.EVM;
using Nethereum.EVM.BlockchainState;
using Nethereum.EVM.Execution;
using Nethereum.EVM.Gas;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Util;

namespace CortexMl.Evm.Machine;

/// <summary>
/// A chain of one user, one model and no other contracts than those that are deployed: transactions one after the other, each of which
/// leaves either all that it did or nothing. Gas is Ethereum's since Berlin (EIP-2929, EIP-3529), plus Cortex's for inference.
/// </summary>
/// <param name="model">What INFER and INFERARRAY find.</param>
public sealed class CortexMachine(CalledModel model, EvmLimits limits)
{
    /// <summary>Who signs every transaction, and owns more than can be spent.</summary>
    public const string Sender = "0x00000000000000000000000000000000000000aa";

    private const int RefundShare = 5, DepositGas = 200;

    private readonly World _world = Funded();

    /// <summary>The account that a deployment makes next.</summary>
    public string NextAddress => ContractUtils.CalculateContractAddress(Sender, _world.Nonce(Sender)).ToLowerInvariant();

    /// <summary>Words of an account's storage that are not 0, by their places as words.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Storage(string address) =>
        [.. _world.Storage(address).Select(pair => KeyValuePair.Create(Word(pair.Key), Hex.Of(pair.Value)))];

    public int CodeSize(string address) => _world.Code(address).Length;

    /// <param name="code">What deploys, and the arguments of the constructor.</param>
    /// <exception cref="DiagnosticException">CML1054 too long; CML1057.</exception>
    public Outcome Deploy(byte[] code)
    {
        if (code.Length is 0 or > EvmLimits.MaxDeploymentCode)
            throw new DiagnosticException(EvmCodes.Code,
                $"{Counted.Grouped(code.Length, "byte")} deploy a contract; there must be some, and at most {EvmLimits.MaxDeploymentCode}");
        return Run(NextAddress, code, [], value: 0, keeps: true);
    }

    /// <param name="keeps">Whether the chain changes: what only reads is asked of a node and leaves nothing.</param>
    /// <exception cref="DiagnosticException">CML1057.</exception>
    public Outcome Call(string address, byte[] data, BigInteger value, bool keeps) => Run(address, null, data, value, keeps);

    private Outcome Run(string address, byte[]? deployed, byte[] data, BigInteger value, bool keeps)
    {
        // The machine cannot be told to stop inside of a call: its thread ends with the gas, or with the process.
        var running = Task.Run(() => RunAsync(address, deployed, data, value, keeps));
        try
        {
            if (running.Wait(limits.Time)) return running.Result;
        }
        catch (AggregateException error)
        {
            // Of the machine: code that it cannot take ends a transaction, not the program.
            return new(false, [], $"the virtual machine gives up: {error.InnerException?.Message}", limits.Gas, 0, 0, [], []);
        }
        throw new DiagnosticException(EvmCodes.Time, $"the transaction takes more than {limits.Time.TotalSeconds:0} s",
            hint: "a loop that does not end; less gas ends it sooner: --gas-limit 10000000", failure: FailureClass.Logic);
    }

    private async Task<Outcome> RunAsync(string address, byte[]? deployed, byte[] data, BigInteger value, bool keeps)
    {
        var state = new ExecutionStateService(_world);
        var inference = new InferenceCalls(model, state);
        var precompiles = new InferencePrecompile(inference);
        bool isDeployment = deployed is not null;
        long intrinsic = (long)IntrinsicGasCalculator.CalculateIntrinsicGas(deployed ?? data, isDeployment, null);
        if (intrinsic > limits.Gas) return Nothing($"out of gas: the transaction itself costs {intrinsic}", limits.Gas, inference);
        foreach (string warm in (string[])[Sender, address]) state.MarkAddressAsWarm(warm);
        state.MarkPrecompilesAsWarm(precompiles);
        await state.LoadBalanceNonceAndCodeFromStorageAsync(Sender);
        await state.LoadBalanceNonceAndCodeFromStorageAsync(address);
        state.SetNonce(Sender, await state.GetNonceAsync(Sender) + 1);
        if (isDeployment) state.PrepareNewContractAccount(address);
        int before = state.TakeSnapshot();
        state.UpsertInternalBalance(Sender, -value);
        var program = new CortexProgram(deployed ?? _world.Code(address), Context(state, address, data, value, intrinsic), inference);
        var machine = new EVMSimulator(new EvmProgramExecution(new EvmPreCompiledContractsExecution(precompiles)));
        await machine.ExecuteWithCallStackAsync(program, traceEnabled: false);

        var result = program.ProgramResult;
        byte[] returned = result.Result ?? [];
        long used = intrinsic + (long)program.TotalGasUsed;
        string? failure = null;
        if (result.IsRevert)
        {
            bool isSpent = program.GasRemaining.IsZero;
            if (isSpent) used = limits.Gas;
            if (isSpent || returned.Length == 0) failure = inference.Failure ?? (isSpent ? await Autopsy.OfAsync(program) : null);
            if (isSpent) returned = [];
        }
        else
        {
            used -= (long)BigInteger.Min(program.RefundCounter, used / RefundShare);
            if (isDeployment) failure = Deposit(state, address, returned, ref used);
        }
        bool isSuccess = !result.IsRevert && failure is null;
        if (!isSuccess) state.RevertToSnapshot(before);
        var changes = isSuccess ? Changes(state) : [];
        if (keeps) _world.Keep(state);
        if (keeps && isSuccess) foreach (string gone in result.DeletedContractAccounts) _world.Delete(gone);
        return new(isSuccess, isDeployment && isSuccess ? [] : returned, failure, used, inference.Gas, inference.Count,
            isSuccess ? [.. result.Logs.Select(Log)] : [], changes);
    }

    private string? Deposit(ExecutionStateService state, string address, byte[] code, ref long used)
    {
        long deposit = (long)DepositGas * code.Length;
        if (code.Length > EvmLimits.MaxCode)
            return $"the contract has {Counted.Grouped(code.Length, "byte")}; at most {EvmLimits.MaxCode} are stored";
        if (used + deposit > limits.Gas) return $"out of gas: to store the contract costs {deposit}";
        used += deposit;
        state.SaveCode(address, code);
        return null;
    }

    private ProgramContext Context(ExecutionStateService state, string address, byte[] data, BigInteger value, long intrinsic)
    {
        var call = new CallInput
        {
            From = Sender, To = address, Data = data.ToHex(prefix: true), Value = new HexBigInteger(value),
            Gas = new HexBigInteger(limits.Gas - intrinsic), GasPrice = new HexBigInteger(0),
            ChainId = new HexBigInteger(EvmLimits.ChainId),
        };
        return new ProgramContext(call, state, blockNumber: EvmLimits.BlockNumber, timestamp: EvmLimits.Timestamp, baseFee: 0)
        {
            EnforceGasSentry = true, GasLimit = limits.Gas,
        };
    }

    private List<StorageChange> Changes(ExecutionStateService state)
    {
        var changes = new List<StorageChange>();
        foreach (var (address, account) in state.AccountsState.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            var known = _world.Storage(address);
            foreach (var (place, word) in account.Storage.OrderBy(s => s.Key))
            {
                string old = known.TryGetValue(place, out byte[]? stored) ? Hex.Of(stored) : Word(0);
                string now = Word(word is null ? 0 : new BigInteger(word, isUnsigned: true, isBigEndian: true));
                if (old != now) changes.Add(new(Word(place), old, now));
            }
        }
        return changes;
    }

    private static Outcome Nothing(string failure, long used, InferenceCalls inference) =>
        new(false, [], failure, used, inference.Gas, inference.Count, [], []);

    private static WrittenLog Log(FilterLog log) => new(log.Address.ToLowerInvariant(),
        [.. log.Topics.Select(topic => ((string)topic).HexToByteArray())], log.Data.HexToByteArray());

    private static string Word(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return Hex.Of([.. new byte[ChainRules.WordSize - bytes.Length], .. bytes]);
    }

    private static World Funded()
    {
        var world = new World();
        world.SetBalance(Sender, BigInteger.One << 128);
        return world;
    }
}
