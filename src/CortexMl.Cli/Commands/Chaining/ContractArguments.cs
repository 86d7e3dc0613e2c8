using System.CommandLine;
using CortexMl.Chain.Contracts;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Evm.Machine;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary>What <c>chain simulate --contract</c> is told.</summary>
/// <param name="Source">A .sol file, an artefact, or hexadecimal digits.</param>
/// <param name="Name">Of the contract; null where there is one alone.</param>
/// <param name="Compiler">A folder of the package solc; null for one that is found.</param>
/// <param name="Constructor">Its arguments; null for the model's address.</param>
/// <param name="ModelAddress">Where the model is; null where it does not matter.</param>
/// <param name="SavedCode">Where the compiled code goes; null for nowhere.</param>
internal sealed record GivenContract(
    string Source, ContractAbi? Abi, string? Name, string? Compiler, string? Constructor, IReadOnlyList<string> Calls, string? ModelAddress,
    long Gas, string? SavedCode);

/// <summary>--contract, and the options that go with it.</summary>
internal sealed class ContractArguments
{
    private readonly Option<string?> _contract = new("--contract")
    {
        HelpName = "FILE",
        Description = "Deploy a contract and call it: .sol, an artefact (.json with abi and bytecode), or hexadecimal digits and --abi",
    };

    private readonly Option<string?> _abi = ChainArguments.Abi();

    private readonly Option<string?> _name = new("--contract-name") { HelpName = "NAME", Description = "Which contract of the file" };

    private readonly Option<string?> _solc = new("--solc")
    {
        HelpName = "DIR", Description = "npm's package solc 0.4; else node_modules/solc at the contract, here, or above",
    };

    private readonly Option<string?> _constructor = new("--constructor")
    {
        HelpName = "VALUES", Description = "Its arguments: 'model, 5'; a lone address is the model's where left out",
    };

    private readonly Option<string[]> _calls = new("--call")
    {
        HelpName = "CALL", DefaultValueFactory = _ => [],
        Description = "A call after those of the input: 'score(3)'; ! in front where it must fail; may be repeated",
    };

    private readonly Option<string?> _model = new("--model-address")
    {
        HelpName = "ADDRESS", Description = "Where the model is, for a contract that knows its address",
    };

    private readonly NumberOption<long> _gas = new("--gas-limit")
    {
        Bounds = new(21000, EvmLimits.MostGas), HelpName = "N", DefaultValueFactory = _ => EvmLimits.DefaultGas,
        Description = "Gas that each transaction may use",
    };

    private readonly Option<string?> _save = new("--save-code")
    {
        HelpName = "FILE.json", Description = "Write the compiled code, which FILE.sol is then run from where there is no solc",
    };

    public ContractArguments(Command command)
    {
        foreach (var option in (Option[])[_contract, _abi, _name, _solc, _constructor, _calls, _model, _gas, _save]) command.Add(option);
    }

    /// <summary>Null where no contract is given; then nothing else may be.</summary>
    public GivenContract? Read(Session session, ParseResult parsed)
    {
        if (parsed.GetValue(_contract) is { } source)
        {
            return new(source, Abi: ChainArguments.ReadAbi(session, parsed.GetValue(_abi)), Name: parsed.GetValue(_name),
                Compiler: parsed.GetValue(_solc), Constructor: parsed.GetValue(_constructor), Calls: parsed.GetValue(_calls)!,
                ModelAddress: parsed.GetValue(_model), Gas: parsed.GetValue(_gas), SavedCode: parsed.GetValue(_save));
        }
        var alone = ((Option[])[_abi, _name, _solc, _constructor, _calls, _model, _gas, _save])
            .FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        return alone is null ? null : throw ChainArguments.Usage($"{alone.Name} needs a contract", "pass --contract FILE.sol");
    }
}
