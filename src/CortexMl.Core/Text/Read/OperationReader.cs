using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>Reads one operation: operator, operands, attributes, and the types that the text claims for its results.</summary>
internal sealed class OperationReader(TextSource source, GraphBuilder build, GraphScope scope, TypeReader types, AttributeReader attributes)
{
    public void Read(CmlParser.OperationContext syntax)
    {
        var results = Apply(syntax);
        var names = syntax.VALUE();
        if (results is not null && results.Count != names.Length)
        {
            source.Error(DiagnosticCodes.OperandCount, syntax.Start,
                $"{Counted.Of(names.Length, "result is", "results are")} named, "
                + $"{syntax.WORD().GetText()} gives {Numbers.Format(results.Count)}");
            results = null;
        }
        if (results is not null && syntax.types() is { } annotations) Annotate(results, annotations);
        for (int i = 0; i < names.Length; i++) scope.Declare(names[i].Symbol, results?[i]);
    }

    /// <returns>The results, or null where something is wrong, here or with an operand.</returns>
    private IReadOnlyList<Value>? Apply(CmlParser.OperationContext syntax)
    {
        string name = syntax.WORD().GetText();
        var spec = OpTable.Find(name);
        if (spec is null)
        {
            source.Error(DiagnosticCodes.UnknownOperator, syntax.WORD().Symbol, $"unknown operator '{name}'",
                Meant(name) ?? source.Hint(name, OpTable.Rows.Select(r => r.Name)) ?? "cortexml ops lists all");
        }
        var operands = (syntax.operands()?.operand() ?? []).Select(o => scope.Find(o.Start)).ToList();
        var given = attributes.Read(syntax.attributes(), spec);
        if (spec is null || given is null) return null;
        if (!HasSoundAttributes(syntax, spec, given) || operands.Contains(null)) return null;
        try
        {
            return build.Operation(spec, operands!, given, [.. syntax.VALUE().Select(v => NameOrNull(source.NameOf(v.Symbol)))],
                source.At(syntax.Start)).Results;
        }
        catch (RuleException error)
        {
            Refuse(syntax.WORD().Symbol, name, error);
        }
        catch (OverflowException)
        {
            source.Error(DiagnosticCodes.TooLarge, syntax.WORD().Symbol, $"{name}: the sizes of the result do not fit 64 bits");
        }
        return null;
    }

    /// <summary>All that is wrong with the attributes, each at its place; what is missing at the operator.</summary>
    private bool HasSoundAttributes(CmlParser.OperationContext syntax, OpSpec spec, Attributes given)
    {
        var places = (syntax.attributes()?.attribute() ?? []).ToLookup(a => a.name().GetText(), a => a.Start, StringComparer.Ordinal);
        bool isSound = true;
        foreach (var (attribute, error) in RowCheck.Mistakes(new ProposedOperation(spec, [], given)))
        {
            Refuse(places[attribute].FirstOrDefault() ?? syntax.WORD().Symbol, spec.Name, error);
            isSound = false;
        }
        return isSound;
    }

    private void Refuse(IToken at, string name, RuleException error) => source.Error(
        new Diagnostic(DiagnosticCodes.TypeRule, Severity.Error, $"{name}: {error.Message}", source.At(at), error.Hint, error.Class)
        {
            Excerpt = source.Excerpt(at),
        });

    /// <summary>The operator that is written without its family: <c>relu</c> for <c>nn.relu</c>, or <c>cvm.relu</c> of integers.</summary>
    private string? Meant(string name)
    {
        var rows = OpTable.Rows.Where(row => row.Name.EndsWith("." + name, StringComparison.Ordinal)).ToList();
        var row = rows.FirstOrDefault(r => r.Levels.HasFlag(build.Level)) ?? rows.FirstOrDefault();
        return row is null ? null : $"did you mean '{row.Name}'?";
    }

    private void Annotate(IReadOnlyList<Value> results, CmlParser.TypesContext annotations)
    {
        var claimed = annotations.type();
        if (claimed.Length != results.Count)
            source.Error(DiagnosticCodes.OperandCount, annotations.Start,
                $"{Counted.Of(claimed.Length, "type")} for {Counted.Of(results.Count, "result")}");
        for (int i = 0; i < Math.Min(claimed.Length, results.Count); i++)
        {
            if (types.Read(claimed[i]) is not { } type) continue;
            if (type.Fits(results[i].Type)) build.SetType(results[i], type);
            else source.Error(
                DiagnosticCodes.TypeMismatch, claimed[i].Start, $"the text says {type}, the operator gives {results[i].Type}");
        }
    }

    /// <summary>
    /// The name to give a result; none for a number, nor for a name that is taken, which is reported when it is declared.
    /// </summary>
    private string? NameOrNull(TextName name) => name.IsNumber || !scope.IsFree(name) ? null : name.Name;
}
