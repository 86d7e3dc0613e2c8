using System.Collections.Immutable;
using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;

namespace CortexMl.Frontends.MxNet;

/// <summary>MXNet symbol and parameters to a float graph. Values are named as their nodes, constants as their variables.</summary>
public static class MxNetImporter
{
    /// <param name="paramsPath">
    /// Null where there is none: then every parameter must be made up (<see cref="ImportOptions.RandomParamsSeed"/>).
    /// </param>
    /// <param name="notes">Receives what is worth knowing but no error.</param>
    /// <exception cref="DiagnosticException">CML01xx about files, CML02xx about the model: all that was found.</exception>
    public static Graph Import(string symbolPath, string? paramsPath, ImportOptions? options = null, DiagnosticBag? notes = null) =>
        Import(SymbolReader.Read(symbolPath), paramsPath is null ? null : MxNetParamsReader.Read(paramsPath), options, notes);

    /// <inheritdoc cref="Import(string, string?, ImportOptions?, DiagnosticBag?)"/>
    public static Graph Import(Symbol symbol, ParamsFile? file, ImportOptions? options = null, DiagnosticBag? notes = null)
    {
        options ??= ImportOptions.Default;
        var parameters = new FloatParameters(file, options);
        var plan = MxNetImportPlan.Make(symbol, parameters, options);
        if (plan.Missing.Count > 0) ReportMissing(plan, file, options, notes);
        if (file is not null && notes is not null) NoteUnused(plan, file, notes);
        var shapes = MxNetInputShapes.Resolve(plan, parameters, options, notes);
        var found = new DiagnosticBag();
        var graph = new MxNetGraphImport(plan, parameters, ModelFiles.BaseName(symbol.File)).Run(shapes, found);
        if (graph is null) throw new DiagnosticException([.. found.Items.Select(d => InputSizeHint.Add(d, plan, parameters, shapes))]);
        notes?.AddRange(found.Items);
        return graph;
    }

    private static void ReportMissing(MxNetImportPlan plan, ParamsFile? file, ImportOptions options, DiagnosticBag? notes)
    {
        string names = Listing.Of(plan.Missing);
        string count = Counted.Of(plan.Missing.Count, "parameter");
        if (options.RandomParamsSeed is { } seed)
        {
            notes?.Note(FrontendCodes.RandomParameters, $"{count} made up from seed {seed}: {names}", new(plan.Symbol.File));
            return;
        }
        throw new DiagnosticException(FrontendCodes.MissingParameters,
            file is null ? $"the model needs {count} and no parameter file is given: {names}" : $"{file.Name} lacks {count}: {names}",
            new(plan.Symbol.File), MissingHint(plan, file));
    }

    private static string MissingHint(MxNetImportPlan plan, ParamsFile? file)
    {
        if (file is null) return "pass --params FILE, or --random-params SEED to try the model out";
        if (file.Arrays.Count == 0) return "the file is empty";
        if (file.Arrays[0].Name.Length == 0) return $"its {Counted.Of(file.Arrays.Count, "array has", "arrays have")} no names";
        string first = string.Join(", ", file.Arrays.Take(3).Select(a => $"'{a.Name}'"));
        bool isOther = plan.Symbol.Nodes.All(n => file.Find(n.Name) is null);
        return isOther ? $"none of its arrays ({first}, …) belongs to the symbol: save both together with export() or save_checkpoint()"
            : "check that symbol and parameters belong together";
    }

    private static void NoteUnused(MxNetImportPlan plan, ParamsFile file, DiagnosticBag notes)
    {
        var known = plan.Symbol.Nodes.Where(n => n.IsVariable).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in plan.Symbol.Nodes)
            if (plan.Ops[node.Index] is { } op)
                known.UnionWith(op.Parameters.Select(p => MxNetImportPlan.ParameterName(plan.Symbol, op, node, p)));
        var unused = file.Arrays.Select(a => a.Key).Where(k => k.Length > 0 && !known.Contains(k)).ToList();
        if (unused.Count > 0)
            notes.Note(FrontendCodes.UnusedParameters,
                $"{file.Name} holds arrays that the model does not use: {Listing.Of(unused)}", new(file.Name));
    }
}
