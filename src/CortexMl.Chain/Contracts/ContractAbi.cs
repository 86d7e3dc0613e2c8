using CortexMl.Chain.Abi;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Contracts;

/// <summary>The JSON ABI of a contract: its functions, events and errors by name, selector and topic.</summary>
/// <param name="File">Name of the file, for messages.</param>
/// <param name="Entries">In the order of the file, none twice.</param>
public sealed record ContractAbi(string File, IReadOnlyList<ContractEntry> Entries)
{
    private const int MaxShown = 20;

    /// <summary>A list of entries, or an object with that list as its member <c>abi</c>.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="notes">Gets a note CML1016 for each entry that is left out, since its types are not supported.</param>
    /// <exception cref="DiagnosticException">CML1015 with all mistakes and their places; CML0106: too large.</exception>
    public static ContractAbi Read(ReadOnlySpan<byte> json, string file, DiagnosticBag notes) =>
        new(file, AbiEntryReader.Read(AbiJsonReader.Read(json, file), notes));

    /// <summary>The function of a name, or of a full signature such as <c>f(uint256)</c>; <c>constructor</c> too.</summary>
    /// <exception cref="DiagnosticException">CML1017: none, or several; CML1010: a signature that is none.</exception>
    public ContractEntry Function(string given) => Named("function", given, e => e.Kind is EntryKind.Function or EntryKind.Constructor);

    /// <exception cref="DiagnosticException">CML1017, CML1010, as for <see cref="Function"/>.</exception>
    public ContractEntry Event(string given) => Named("event", given, e => e.Kind == EntryKind.Event);

    /// <exception cref="DiagnosticException">CML1017, CML1010, as for <see cref="Function"/>.</exception>
    public ContractEntry Error(string given) => RevertData.BuiltIn(given) ?? Named("error", given, e => e.Kind == EntryKind.Error);

    /// <summary>The function that call data calls.</summary>
    /// <exception cref="DiagnosticException">CML1013: none has this selector; CML1017: several have it.</exception>
    public ContractEntry Called(ReadOnlySpan<byte> data)
    {
        byte[] selector = RevertData.Selector(data, "the call data", "a call starts with a selector of 4 bytes");
        var error = RevertData.Find(this, selector).FirstOrDefault();
        var called = Entries.Where(e => e.Kind == EntryKind.Function && e.Signature.Selector.AsSpan().SequenceEqual(selector));
        return One([.. called], Hex.Of(selector))
            ?? throw Refused(ChainCodes.Selector, $"no function has the selector {Hex.Of(selector)}",
                error is null ? "the call is meant for another contract" : $"these are the bytes of the error {error}: pass --revert");
    }

    /// <summary>The event that a log comes from, by its first topic and the number of topics.</summary>
    /// <exception cref="DiagnosticException">CML1018: none; CML1017: several.</exception>
    public ContractEntry Logged(EventLog log)
    {
        var anonymous = Entries.Where(e => e is { Kind: EntryKind.Event, IsAnonymous: true }).ToList();
        string hint = anonymous.Count == 0 ? "the log is from another contract"
            : $"name an anonymous event: {string.Join(", ", anonymous.Take(MaxShown))}";
        if (log.Topics is not [var topic, ..])
            throw Refused(ChainCodes.EventLog, "a log without topics: only anonymous events write such", hint);
        var events = Entries.Where(e => e is { Kind: EntryKind.Event, IsAnonymous: false });
        ContractEntry[] same = [.. events.Where(e => e.Signature.Hash.AsSpan().SequenceEqual(topic))];
        if (same.Length == 0) throw Refused(ChainCodes.EventLog, $"no event has the topic {Hex.Of(topic)}", hint);
        // The same signature with something else indexed: the number of topics tells them apart.
        ContractEntry[] fitting = [.. same.Where(e => EventLog.TopicCount(e) == log.Topics.Count)];
        return One(fitting.Length == 0 ? same : fitting, Hex.Of(topic))!;
    }

    /// <summary>The error that revert data is of: one of the contract, or <c>Error(string)</c> or <c>Panic(uint256)</c>.</summary>
    /// <exception cref="DiagnosticException">CML1013: none has this selector; CML1017: several have it.</exception>
    public ContractEntry Reverted(ReadOnlySpan<byte> data)
    {
        byte[] selector = RevertData.Selector(data, "the revert data", "a revert without a reason has no bytes");
        return One([.. RevertData.Find(this, selector)], Hex.Of(selector))
            ?? throw Refused(ChainCodes.Selector, $"no error has the selector {Hex.Of(selector)}",
                "the error is of another contract, maybe one that this one calls: give that one's ABI");
    }

    private ContractEntry Named(string what, string given, Func<ContractEntry, bool> isKind)
    {
        ContractEntry[] known = [.. Entries.Where(isKind)];
        bool isSignature = given.Contains('(', StringComparison.Ordinal);
        string name = isSignature ? FunctionSignature.Parse(given).Canonical : given;
        ContractEntry[] found = [.. known.Where(e => (isSignature ? e.Signature.Canonical : e.Name) == name)];
        if (One(found, $"'{given}'") is { } one) return one;
        string plain = name.Split('(')[0];
        var overloads = known.Where(e => isSignature && e.Name == plain).ToList();
        string? hint = overloads.Count > 0 ? $"known: {string.Join(", ", overloads)}"
            : Nearest.Hint(plain, known.Select(e => e.Name).Distinct(StringComparer.Ordinal))
            ?? (known.Length == 0 ? null : $"known: {string.Join(", ", known.Take(MaxShown))}{(known.Length > MaxShown ? ", …" : "")}");
        throw Refused(ChainCodes.ContractName, $"there is no {what} '{name}'", hint);
    }

    private ContractEntry? One(ContractEntry[] found, string what)
    {
        if (found.Length < 2) return found.FirstOrDefault();
        var ambiguous = new Diagnostic(
            ChainCodes.ContractName, Severity.Error, $"{what} may be one of {found.Length}:", new SourceLocation(File),
            "give the full signature of the one that is meant");
        throw new DiagnosticException([ambiguous with { Details = [.. found.Take(MaxShown).Select(e => $"  {e}{Indexed(e)}")] }]);
    }

    private static string Indexed(ContractEntry entry)
    {
        var indexed = entry.Inputs.Index().Where(i => i.Item.IsIndexed).Select(i => i.Item.Name.Length > 0 ? i.Item.Name : $"{i.Index}");
        string names = string.Join(", ", indexed);
        return names.Length == 0 ? "" : $", indexed: {names}";
    }

    private DiagnosticException Refused(string code, string message, string? hint) =>
        new(code, message, File.Length == 0 ? null : new SourceLocation(File), hint);
}
