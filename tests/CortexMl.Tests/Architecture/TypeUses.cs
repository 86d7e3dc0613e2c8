using System.Reflection;

namespace CortexMl.Tests.Architecture;

/// <summary>
/// The types that a compiled type needs, wherever it names them: base, interfaces, constraints, attributes, fields, signatures, local
/// variables, what is caught, and every instruction. Constants of other types are no longer seen: the compiler copies them.
/// </summary>
internal static class TypeUses
{
    public static IEnumerable<Type> Of(Type type) => Named(type).SelectMany(Flat).Distinct();

    private static IEnumerable<Type?> Named(Type type) =>
    [
        type.BaseType, .. type.GetInterfaces(), .. Constraints(type.GetGenericArguments()), .. Attributes(type),
        .. type.GetFields(CompiledCode.All).SelectMany(field => CompiledCode.Types(field).Concat(Attributes(field))),
        .. type.GetProperties(CompiledCode.All).SelectMany(Attributes),
        .. CompiledCode.Methods(type).SelectMany(OfMethod),
    ];

    private static IEnumerable<Type?> OfMethod(MethodBase method) =>
    [
        .. CompiledCode.Types(method), .. Attributes(method),
        .. method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : [],
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
        .. method.GetMethodBody()?.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause)
            .Select(clause => clause.CatchType) ?? [],
        .. CompiledCode.Instructions(method).SelectMany(i => i.Member is { } member ? CompiledCode.Types(member) : []),
    ];

    private static IEnumerable<Type> Constraints(Type[] arguments) =>
        arguments.Where(a => a.IsGenericParameter).SelectMany(a => a.GetGenericParameterConstraints());

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(data =>
        data.ConstructorArguments.Select(a => a.Value).OfType<Type>().Append(data.AttributeType));

    /// <summary>The type itself without arrays, references and pointers around it, and its arguments.</summary>
    private static IEnumerable<Type> Flat(Type? type)
    {
        if (type is null || type.IsGenericParameter) return [];
        if (type.HasElementType) return Flat(type.GetElementType());
        return type.IsConstructedGenericType
            ? type.GetGenericArguments().SelectMany(Flat).Append(type.GetGenericTypeDefinition())
            : [type];
    }
}
